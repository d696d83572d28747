import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { startTicksOf } from './process-identity.js';

export interface TrainingCommand {
  command: readonly string[];
  directory: string;
  /** The whole environment: nothing of this service's own is passed on. */
  env: Record<string, string>;
  /** What the command prints, both streams. */
  logPath: string;
  timeoutMs: number;
}

export interface TrainingProcess {
  pid: number | null;
  startTicks: string | null;
  ended: Promise<TrainingEnd>;
  /** Ends the whole process group. */
  kill(): void;
}

export interface TrainingEnd {
  /** Null when a signal ended it or it could not be started. */
  exitCode: number | null;
  timedOut: boolean;
  /** Why it could not be started. */
  problem: string | null;
}

/** Starts a training command in a process group of its own; it is killed, children included, when its time is over. */
export function startTrainingProcess({ command, directory, env, logPath, timeoutMs }: TrainingCommand): TrainingProcess {
  const [program = '', ...parameters] = command;
  const log = openSync(logPath, 'w');
  const child = spawn(program, parameters, { cwd: directory, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let timedOut = false;
  const kill = (): void => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  const ended = new Promise<TrainingEnd>((resolve) => {
    const end = (exitCode: number | null, problem: string | null): void => {
      clearTimeout(timer);
      kill();
      resolve({ exitCode, timedOut, problem });
    };
    child.once('error', (error) => end(null, error.message));
    child.once('exit', (exitCode) => end(exitCode, null));
  });
  const pid = child.pid ?? null;
  return { pid, startTicks: pid === null ? null : startTicksOf(pid), ended, kill };
}

/** Also what the command left running in the background. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
