import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.js';
import type { Leadership } from './leadership.js';
import type { Led } from './leadership.js';
import { Loop } from './loop.js';
import type { Worker, WorkerOptions } from './worker.js';

/** The workers of a service. Add them in constructors; they begin when the application has started and stop before it ends. Injectable. */
export class Workers implements Led {
  readonly #loops: Loop[] = [];
  #isStarted = false;

  constructor(
    private readonly logger: Logger,
    /** Null in a service without a database: then every process leads. */
    private readonly leadership: Leadership | null,
    private readonly clock: Clock,
  ) {
    leadership?.add(this);
  }

  /** Adds a worker. */
  add(options: WorkerOptions): Worker {
    const loop = new Loop(options, this.logger, this.clock);
    this.#loops.push(loop);
    if (this.#isStarted && this.#runsHere(loop)) loop.start();
    return { wake: () => this.#wake(loop) };
  }

  /** Runs a worker now, by its name; unknown names do nothing. */
  wake(name: string): void {
    for (const loop of this.#loops) if (loop.options.name === name) this.#wake(loop);
  }

  start(): void {
    this.#isStarted = true;
    for (const loop of this.#loops) if (this.#runsHere(loop)) loop.start();
  }

  /** Waits for the runs in hand. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  lead(): void {
    if (!this.#isStarted) return;
    for (const loop of this.#loops) loop.start();
  }

  follow(): void {
    for (const loop of this.#loops) if (!loop.options.everyReplica) void loop.stop();
  }

  notified(payload: string): void {
    for (const loop of this.#loops) if (payload === nameOf(loop)) loop.wake();
  }

  #runsHere(loop: Loop): boolean {
    return loop.options.everyReplica === true || this.leadership === null || this.leadership.isLeader;
  }

  #wake(loop: Loop): void {
    if (!this.#isStarted || this.#runsHere(loop)) return loop.wake();
    void this.leadership?.notify(nameOf(loop)).catch((error: unknown) => this.logger.debug({ err: error }, 'could not wake a worker elsewhere'));
  }
}

function nameOf(loop: Loop): string {
  return `worker:${loop.options.name}`;
}
