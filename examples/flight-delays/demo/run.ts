import { join, resolve } from 'node:path';
import { resetHome, startPlatform } from '@millrace/infra';
import { CommandLine } from './command-line.ts';
import { PlatformClient } from '../../replay/platform-client.ts';
import { PublicEvents } from '../../replay/public-events.ts';
import { summarise } from './summary.ts';
import { tellStory } from './story.ts';

const startedMs = Date.now();
const say = (line: string): void => console.log(line === '' ? '' : `${`${((Date.now() - startedMs) / 1000).toFixed(1)} s`.padStart(8)}  ${line}`);
const home = resolve(process.env['MILLRACE_HOME'] ?? '.millrace', 'demo');

/** The demo has a home of its own, emptied first, so that each run tells the whole story. */
async function run(): Promise<void> {
  await resetHome(home);
  say('Millrace demo: real flights of 2001, one model, a changing world. Everything you see comes from public events.');
  const platform = await startPlatform({ home, onLine: (line, part) => say(`   ${part}: ${line}`) });
  const stop = async (): Promise<void> => { await platform.stop(); };
  process.once('SIGINT', () => { say('Stopping.'); void stop().then(() => process.exit(130)); });
  try {
    say(`   Logs: ${join(home, 'logs')}`);
    const brokers = platform.kafkaBrokers.split(',');
    const client = await PlatformClient.connect(platform.urls.gateway, platform.adminToken, { brokers });
    const events = await PublicEvents.follow({ brokers });
    const cli = new CommandLine({ ...process.env, MILLRACE_HOME: home }, say);
    const story = await tellStory({ client, events, cli, say });
    await summarise({ client, events, cli, say, story });
    await Promise.all([events.stop(), client.close()]);
    say('');
    say('Done. `npm start` keeps a platform running; README.md says what to try next.');
  } finally {
    await stop();
  }
}

run().catch((error: Error) => {
  console.error(`The demo stopped: ${error.message}`);
  console.error(`Look into ${join(home, 'logs')}; a second run starts afresh.`);
  process.exitCode = 1;
});
