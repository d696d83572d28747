import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { closeKafkaTo, kafkaSecurity, openKafka } from './embedded-access.js';
import { LaunchError } from './launch-error.js';
import { forgetOutsideUser, keepOutsideUser, outsideUsers } from './outside-users.js';
import { platformSettings } from './platform-settings.js';
import { runningIn } from './run-file.js';
import { secretsDirectory } from './secret-of.js';
import { tlsCertificates } from './tls-certificates.js';

const usage = 'kafka-user list | add NAME [--writes PROJECT/DATA-SET]... [--reads TOPIC]... | remove NAME';

/**
 * `npm run kafka-user -- add plant-7 --writes default/wear --reads millrace.ingestion.segment`: users of the embedded Kafka for programs that are not Millrace's. What is
 * kept holds from the next start on; where the platform runs with `--secure`, at once. Client settings lie in `<home>/secrets/<user>.*.properties`.
 */
export async function kafkaUserCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { writes: { type: 'string', multiple: true }, reads: { type: 'string', multiple: true } } });
  const { home } = platformSettings(process.env);
  const [verb, name = ''] = positionals;
  if (verb === 'list') for (const { name: user, writes, reads } of outsideUsers(home)) console.log(`${user}  writes ${writes.join(', ') || 'nothing'}; reads ${reads.join(', ') || 'nothing'}`);
  else if (verb === 'add' && name !== '') await add(home, name, values);
  else if (verb === 'remove' && name !== '') await remove(home, name);
  else throw new LaunchError(`Use: ${usage}.`);
}

async function add(home: string, name: string, { writes = [], reads = [] }: { writes?: string[]; reads?: string[] }): Promise<void> {
  if (writes.length + reads.length === 0) throw new LaunchError(`A user may write data sets or read topics: ${usage}.`);
  keepOutsideUser(home, { name, writes, reads });
  const isOpen = await applied(home);
  const files = `${join(secretsDirectory(home), name)}.java.properties and .librdkafka.properties`;
  console.log(isOpen ? `${name} may sign in; its client settings are ${files}.${reads.length > 0 ? ` Its consumer groups are ${name} and ${name}.<anything>.` : ''}` : `${name} is kept; it may sign in from the next start with access switched on (npm start -- --secure), which writes ${files}.`);
}

async function remove(home: string, name: string): Promise<void> {
  forgetOutsideUser(home, name);
  for (const file of [`kafka-${name}-password`, `${name}.java.properties`, `${name}.librdkafka.properties`]) rmSync(join(secretsDirectory(home), file), { force: true });
  const brokers = await securedBrokers(home);
  if (brokers !== undefined) await closeKafkaTo(brokers, kafkaSecurity(home, await tlsCertificates(home)), name, randomBytes(32).toString('base64url'));
  console.log(`${name} may do nothing any more.`);
}

/** @returns whether the platform runs with access switched on, so that it holds now */
async function applied(home: string): Promise<boolean> {
  const brokers = await securedBrokers(home);
  if (brokers === undefined) return false;
  await openKafka(home, brokers, kafkaSecurity(home, await tlsCertificates(home)), process.env['MILLRACE_TOPIC_PREFIX']);
  return true;
}

async function securedBrokers(home: string): Promise<string | undefined> {
  const run = await runningIn(home);
  return run?.secure === true && run.ports !== undefined ? `127.0.0.1:${run.ports.kafka}` : undefined;
}
