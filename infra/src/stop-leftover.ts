import { readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLineOf } from './command-line-of.js';

const patienceMs = 15_000;

/**
 * Ends the process that an earlier run left behind, if its pid file still names one of ours.
 * @param mark text that only our process's command line holds (its data directory), so that a reused id is let alone
 * @returns whether a process was ended
 */
export async function stopLeftover(pidFile: string, mark: string, signal: 'SIGTERM' | 'SIGINT'): Promise<boolean> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  const ours = pid > 0 && (await commandLineOf(pid))?.includes(mark) === true;
  if (ours) await endProcess(pid, signal);
  await rm(pidFile, { force: true });
  return ours;
}

async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  process.kill(pid, signal);
  const deadline = Date.now() + patienceMs;
  while ((await commandLineOf(pid)) !== undefined) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await pause(50);
  }
}
