import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLineOf } from './command-line-of.js';

const patienceMs = 15_000;

interface PidFile {
  pid: number;
  /** What was started; a process with this id and another command line is a stranger's and let alone. */
  commandLine: string;
  stopSignal: 'TERM' | 'INT';
}

export function writePidFile(file: string, content: PidFile): void {
  writeFileSync(file, `${JSON.stringify(content)}\n`);
}

/** Takes a pid file away, unless it names another process by now. */
export function removePidFile(file: string, pid: number): void {
  if (readPidFile(file)?.pid === pid) rmSync(file, { force: true });
}

/** Ends the process that an earlier run left behind under this pid file, if there is one; resolves when it is gone. */
export async function endLeftover(pidFile: string): Promise<void> {
  const content = readPidFile(pidFile);
  if (content !== undefined && (await isSame(content))) await endProcess(content);
  rmSync(pidFile, { force: true });
}

/** Ends everything that a killed supervisor left behind in this home. */
export async function endLeftovers(home: string): Promise<void> {
  const directory = join(home, 'run');
  await Promise.all(readdirSync(directory).map((name) => endLeftover(join(directory, name))));
}

function readPidFile(file: string): PidFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PidFile;
  } catch {
    return undefined; // not there, or half written
  }
}

async function isSame({ pid, commandLine }: PidFile): Promise<boolean> {
  return (await commandLineOf(pid))?.includes(commandLine) === true;
}

async function endProcess(leftover: PidFile): Promise<void> {
  process.kill(leftover.pid, `SIG${leftover.stopSignal}`);
  const deadline = Date.now() + patienceMs;
  while (await isSame(leftover)) {
    if (Date.now() > deadline) process.kill(leftover.pid, 'SIGKILL');
    await pause(50);
  }
}
