import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf } from './command-line-of.js';
import type { KeptPart } from './keep-running.js';
import { LaunchError } from './launch-error.js';
import type { PlatformSettings, Ports } from './platform-settings.js';

/** `<home>/run.json`: what runs here, for `millrace status` and for whoever wants to start the same home. */
export interface RunFile {
  pid: number;
  /** Distinguishes us from a stranger that got the same process id. */
  commandLine: string;
  startedAt: string;
  state: 'starting' | 'running';
  compact?: boolean;
  /** Access is switched on. */
  secure?: boolean;
  ports?: Ports;
  parts?: { name: string; pid: number | undefined }[];
}

/**
 * Takes the home for this process.
 * @throws LaunchError when another supervisor runs in it
 */
export async function claimHome(home: string): Promise<void> {
  const holder = await runningIn(home);
  if (holder !== undefined && holder.pid !== process.pid) {
    throw new LaunchError(`Millrace already runs in ${home} (process ${holder.pid}); stop it first, or set MILLRACE_HOME to another directory and MILLRACE_PORT_OFFSET=1000.`);
  }
  await write(home, { state: 'starting' });
}

/** What runs in the home, or undefined when nothing does; a file that a killed supervisor left behind counts as nothing. */
export async function runningIn(home: string): Promise<RunFile | undefined> {
  const content = read(home);
  if (content === undefined) return undefined;
  return (await commandLineOf(content.pid)) === content.commandLine ? content : undefined;
}

export async function writeRunFile(settings: PlatformSettings, parts: readonly KeptPart[]): Promise<void> {
  await write(settings.home, { state: 'running', compact: settings.compact, secure: settings.secure, ports: settings.ports, parts: parts.map(({ name, pid }) => ({ name, pid })) });
}

export function releaseHome(home: string): void {
  rmSync(file(home), { force: true });
}

async function write(home: string, content: Pick<RunFile, 'state' | 'compact' | 'secure' | 'ports' | 'parts'>): Promise<void> {
  const startedAt = read(home)?.startedAt ?? new Date().toISOString();
  const commandLine = (await commandLineOf(process.pid)) ?? '';
  writeFileSync(file(home), `${JSON.stringify({ pid: process.pid, commandLine, startedAt, ...content }, null, 2)}\n`);
}

function read(home: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(file(home), 'utf8')) as RunFile;
  } catch {
    return undefined; // not there, or half written by a process that was killed
  }
}

function file(home: string): string {
  return join(home, 'run.json');
}
