import { parseArgs } from 'node:util';
import { banner } from './banner.js';
import { platformSettings } from './platform-settings.js';
import { platformStatus } from './platform-status.js';
import type { PlatformStatus } from './platform-status.js';

/** `npm run status [-- --json]`: exit code 0 when all parts are ready, else 1. */
export async function statusCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const settings = platformSettings(process.env);
  const status = await platformStatus(settings);
  console.log(values.json ? JSON.stringify(status, null, 2) : statusText(status, banner({ ...settings, compact: status.mode === 'compact' })));
  if (!status.running || status.parts.some(({ state }) => state !== 'ready')) process.exitCode = 1;
}

function statusText(status: PlatformStatus, bannerText: string): string {
  if (!status.running) return `Millrace does not run in ${status.home}; start it by \`npm start\`.`;
  const parts = status.parts.map(({ name, state, address, detail }) => `${name.padEnd(15)}${state.padEnd(10)}${address}${detail === undefined ? '' : `   ${detail}`}`);
  const megabytes = status.processes.reduce((sum, { residentMegabytes }) => sum + residentMegabytes, 0);
  return [bannerText, '', ...parts, '', `${status.processes.length} processes, ${megabytes} MB, since ${status.startedAt}`].join('\n');
}
