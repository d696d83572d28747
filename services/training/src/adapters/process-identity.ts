import { readFileSync } from 'node:fs';

/** Start time of a process in clock ticks since boot (Linux); null when it is gone or the system does not say. */
export function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/**
 * Ends a process group that an earlier instance of this service started, if its leader is still the same process.
 * Where start times cannot be read nothing is ended: the id may be another's by now.
 */
export function endProcessGroup({ pid, startTicks }: { pid: number | null; startTicks: string | null }): void {
  if (pid === null || startTicks === null || startTicksOf(pid) !== startTicks) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
}
