import { parseArgs } from 'node:util';
import { banner } from './banner.js';
import { consoleLines } from './console-lines.js';
import { startPlatform } from './platform.js';
import type { RunningPlatform } from './platform.js';
import { platformSettings } from './platform-settings.js';
import type { PlatformSettings } from './platform-settings.js';

const sameKeystrokeMs = 1000; // the terminal and npm both deliver one Ctrl-C

/** `npm start [-- --compact | --separate] [--secure]`: runs the platform until Ctrl-C or SIGTERM; a second Ctrl-C kills. */
export async function startCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { compact: { type: 'boolean' }, separate: { type: 'boolean' }, secure: { type: 'boolean' } } });
  const settings = platformSettings(process.env);
  const chosen: PlatformSettings = { ...settings, compact: values.compact ?? (values.separate === true ? false : settings.compact), secure: values.secure ?? settings.secure };
  const startedAt = Date.now();
  const say = consoleLines();
  const shutdown = onInterrupt();
  const starting = startPlatform({ ...chosen, onLine: say });
  const platform = await Promise.race([starting, shutdown.then(() => undefined)]);
  if (platform === undefined) process.exit(130); // while starting: the guards end what has been started
  console.log(`\n${banner(chosen)}\n\nReady after ${((Date.now() - startedAt) / 1000).toFixed(1)} s. Ctrl-C stops everything; state is kept.\n`);
  await shutdown;
  await stopPlatform(platform);
}

async function stopPlatform(platform: RunningPlatform): Promise<void> {
  const startedAt = Date.now();
  console.log('Stopping: services, then Kafka and Postgres. Ctrl-C again kills them.');
  void onInterrupt().then(() => {
    for (const { pid } of platform.parts()) if (pid !== undefined) process.kill(pid, 'SIGKILL');
    process.exit(130);
  });
  await platform.stop();
  console.log(`Stopped after ${((Date.now() - startedAt) / 1000).toFixed(1)} s; \`npm start\` goes on from here.`);
  process.exit(0);
}

/** Resolves at the next signal to end that is not the echo of the last one. */
function onInterrupt(): Promise<void> {
  const from = Date.now() + sameKeystrokeMs;
  const isFirst = process.listenerCount('SIGINT') === 0;
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (isFirst || Date.now() > from ? done() : undefined));
  });
}
