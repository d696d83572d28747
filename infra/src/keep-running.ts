import type { GuardedProcess } from './guarded-process.js';

const firstDelayMs = 500;
const defaultLongestDelayMs = 30_000;
const steadyMs = 60_000; // who ran this long starts again with the first delay

export interface KeptPart {
  readonly name: string;
  readonly state: 'starting' | 'running' | 'restarting' | 'stopped';
  readonly pid: number | undefined;
  readonly restarts: number;
  stop(): Promise<void>;
}

/**
 * Starts a part and starts it again, with growing delay (0.5 s to 30 s), whenever it ends without being asked to.
 * @param start resolves when the part is ready
 * @param report told in words when the part ended and when it is back
 * @param longestDelayMs the delay grows up to this; default 30,000
 * @throws what the first `start` throws: a part that never came up is the caller's to handle
 */
export async function keepRunning(name: string, start: () => Promise<GuardedProcess>, report: (text: string) => void, longestDelayMs = defaultLongestDelayMs): Promise<KeptPart> {
  const part = new KeptProcess(name, start, report, longestDelayMs);
  await part.begin();
  return part;
}

class KeptProcess implements KeptPart {
  state: KeptPart['state'] = 'starting';
  restarts = 0;
  private current: GuardedProcess | undefined;
  private delayMs = firstDelayMs;
  private pending: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;

  constructor(readonly name: string, private readonly start: () => Promise<GuardedProcess>, private readonly report: (text: string) => void, private readonly longestDelayMs: number) {}

  get pid(): number | undefined {
    return this.current?.running === true ? this.current.pid : undefined;
  }

  async begin(): Promise<void> {
    const startedAt = Date.now();
    this.current = await this.start();
    this.state = this.state === 'stopped' ? 'stopped' : 'running';
    void this.current.exited.then(({ code }) => {
      if (this.state === 'stopped') return;
      if (Date.now() - startedAt > steadyMs) this.delayMs = firstDelayMs;
      this.state = 'restarting';
      this.report(`ended with exit code ${code}; starting it again in ${this.delayMs / 1000} s`);
      this.pending = this.comeBack();
    });
  }

  async stop(): Promise<void> {
    this.state = 'stopped';
    this.wake();
    await this.pending;
    await this.current?.stop();
  }

  private async comeBack(): Promise<void> {
    while (this.state === 'restarting') {
      await this.pause();
      if (this.state !== 'restarting') return;
      this.restarts += 1;
      try {
        await this.begin();
        this.report('is running again');
      } catch (error) {
        this.report(`did not start: ${(error as Error).message}`);
      }
    }
  }

  /** Waits for the growing delay, or until `stop` wakes it. */
  private async pause(): Promise<void> {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, this.delayMs);
      this.wake = () => (clearTimeout(timer), done());
    });
    this.delayMs = Math.min(this.delayMs * 2, this.longestDelayMs);
  }
}
