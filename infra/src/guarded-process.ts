import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { LaunchError } from './launch-error.js';
import { endLeftover, removePidFile, writePidFile } from './leftover.js';

export interface GuardedProcessOptions {
  /** For messages. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Run as this user; only root may. */
  user?: { uid: number; gid: number };
  /** Holds the process's id while it runs, so that the next start finds one that was left over. */
  pidFile: string;
  /** Standard output and error go to the end of this file; without it they are readable as `outputs`. */
  logFile?: string;
  /** The signal that asks for an orderly end. Postgres: INT (fast shutdown); others: TERM. */
  stopSignal: 'TERM' | 'INT';
}

export interface GuardedProcess {
  readonly pid: number;
  /** Standard output and error, when there is no log file. */
  readonly outputs: readonly Readable[];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly running: boolean;
  /** Asks for an orderly end, and kills after `timeoutMs` (default 20,000). */
  stop(timeoutMs?: number): Promise<void>;
}

/**
 * The child and, beside it, a guard that waits for the end of our pipe: when this process dies in whatever way, the
 * kernel closes the pipe and the guard ends the child. Ids of processes go out on descriptor 3.
 */
const guardScript = `
  signal=$1; shift
  exec 4<&0
  "$@" </dev/null 3>&- 4<&- & child=$!
  echo $child >&3; exec 3>&-
  ( trap '' TERM INT; read line <&4; kill -$signal $child; sleep 20; kill -KILL $child ) >/dev/null 2>&1 & guard=$!
  exec 4<&-
  trap : TERM INT
  wait $child; code=$?
  while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
  kill -KILL $guard 2>/dev/null
  exit $code`;

/**
 * Starts a process that does not outlive this one, not even after `kill -9`, and that a Ctrl-C in the terminal does not
 * reach: it ends when `stop` is called. What an earlier run left behind under the same pid file is ended first.
 */
export async function spawnGuarded(options: GuardedProcessOptions): Promise<GuardedProcess> {
  mkdirSync(dirname(options.pidFile), { recursive: true });
  await endLeftover(options.pidFile);
  const log = options.logFile === undefined ? 'pipe' : openSync(options.logFile, 'a');
  const shell = spawn('/bin/sh', ['-c', guardScript, 'millrace-guard', options.stopSignal, options.command, ...options.args], {
    cwd: options.cwd, env: options.env ?? process.env, detached: true, stdio: ['pipe', log, log, 'pipe'], ...options.user,
  });
  if (typeof log === 'number') closeSync(log);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    shell.once('exit', (code, signal) => done({ code, signal }));
    shell.once('error', () => done({ code: null, signal: null }));
  });
  const pid = await childPid(shell, options.name);
  writePidFile(options.pidFile, { pid, commandLine: [options.command, ...options.args].join(' '), stopSignal: options.stopSignal });
  let running = true;
  const exited = ended.then((how) => {
    running = false;
    removePidFile(options.pidFile, pid);
    return how;
  });
  const outputs = [shell.stdout, shell.stderr].filter((stream) => stream !== null);
  return { pid, outputs, exited, get running() { return running; }, stop: (timeoutMs) => stopChild(pid, options.stopSignal, exited, timeoutMs) };
}

function childPid(shell: ChildProcess, name: string): Promise<number> {
  return new Promise((found, failed) => {
    shell.once('error', (error) => failed(new LaunchError(`${name} could not be started: ${error.message}.`)));
    const lines = createInterface({ input: shell.stdio[3] as Readable });
    lines.once('line', (line) => found(Number(line)));
    lines.once('close', () => failed(new LaunchError(`${name} could not be started.`)));
  });
}

async function stopChild(pid: number, signal: 'TERM' | 'INT', exited: Promise<unknown>, timeoutMs = 20_000): Promise<void> {
  send(pid, `SIG${signal}`);
  const deadline = setTimeout(() => send(pid, 'SIGKILL'), timeoutMs);
  await exited;
  clearTimeout(deadline);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has ended already
  }
}
