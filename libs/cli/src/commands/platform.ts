import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { projectRoot } from '@millrace/infra';
import type { Command } from '../command.js';

/** Commands of the machine rather than of the API; they are those of `npm run`, which sets up what is missing first. */
export const platformCommands: readonly Command[] = [
  { name: 'up', usage: '[--compact | --separate]', summary: 'starts the platform here and keeps it running until Ctrl-C (npm start)', options: { compact: { type: 'boolean' }, separate: { type: 'boolean' } }, run: ({ options }) => launcher('start', options) },
  { name: 'status', usage: '', summary: 'what runs, where, and how each part is', run: ({ options }) => launcher('status', options) },
  { name: 'doctor', usage: '', summary: 'what could keep Millrace from running on this machine', run: ({ options }) => launcher('doctor', options) },
];

/** Hands over to the launcher with its output and exit code. */
function launcher(command: string, options: Readonly<Record<string, string | boolean | undefined>>): Promise<undefined> {
  const flags = Object.entries(options).filter(([, value]) => value === true).map(([name]) => `--${name}`);
  const child = spawn(process.execPath, [join(projectRoot, 'infra/bootstrap.mjs'), command, ...flags], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done, failed) => {
    child.on('error', (error) => failed(new MillraceError('internal-error', error.message)));
    child.on('exit', (code) => {
      process.exitCode = code ?? 1;
      done(undefined);
    });
  });
}
