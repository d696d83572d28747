import { doctorCommand } from './doctor-command.js';
import { kafkaAccessCommand } from './kafka-access-command.js';
import { kafkaUserCommand } from './kafka-user-command.js';
import { LaunchError } from './launch-error.js';
import { platformSettings } from './platform-settings.js';
import { prepareCommand, secretsCommand } from './prepare-command.js';
import { resetHome } from './reset-home.js';
import { startCommand } from './start-command.js';
import { statusCommand } from './status-command.js';

const commands: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  start: startCommand,
  status: statusCommand,
  doctor: doctorCommand,
  'kafka-user': kafkaUserCommand,
  'kafka-access': kafkaAccessCommand,
  secrets: secretsCommand,
  prepare: prepareCommand,
  reset: async () => console.log(await resetHome(platformSettings(process.env).home)),
};

const [name = '', ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (command === undefined) throw new LaunchError(`There is no command "${name}"; there are: ${Object.keys(commands).join(', ')}.`);
  await command(args);
} catch (error) {
  const isPlain = error instanceof LaunchError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  console.error(isPlain ? (error as Error).message : error);
  process.exit(1);
}
