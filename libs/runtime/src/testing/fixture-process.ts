import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The fixture service as a process of its own, so that it can be killed. */
export class FixtureProcess {
  /** Resolves with the signal or exit code that ended it. */
  readonly ended: Promise<string | number>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.ended = once(child, 'exit').then(([code, signal]: unknown[]) => (signal ?? code) as string | number);
  }

  /** Starts it, with telemetry, and waits until it serves. */
  static async start(env: Record<string, string>): Promise<FixtureProcess> {
    const directory = import.meta.dirname;
    const child = fork(join(directory, 'fixture-main.ts'), {
      execArgv: ['--import', join(directory, '../../../testing/typescript-sources.mjs'), '--import', join(directory, '../telemetry.ts')],
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [url] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error('The fixture ended while starting')))])) as [string];
    return new FixtureProcess(child, url);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Has it die at a fault point, counted from now. It must have been started with MILLRACE_FAULT_FILE. */
  async arm(faultFile: string, fault: string): Promise<void> {
    writeFileSync(faultFile, fault);
    this.child.kill('SIGUSR2');
    // When it has answered, the signal has been heard.
    await fetch(`${this.url}/health/live`);
  }

  /** Asks it to stop, as a supervisor would. */
  async stop(): Promise<string | number> {
    this.child.kill('SIGTERM');
    return this.ended;
  }
}
