import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock/clock.js';
import type { Worker, WorkerOptions } from './worker.js';

const firstDelayMs = 500;
const longestDelayMs = 10_000;

/** Runs a worker's work: never two runs at a time, at once when woken, with growing delay after failures. */
export class Loop implements Worker {
  #isActive = false;
  #isWoken = false;
  #failures = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;

  constructor(
    readonly options: WorkerOptions,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /** Begins; the first run is at once. */
  start(): void {
    if (this.#isActive) return;
    this.#isActive = true;
    this.runSoon();
  }

  /** Stops after the run in hand. */
  async stop(): Promise<void> {
    this.#isActive = false;
    this.#timer?.cancel();
    await this.#running;
  }

  wake(): void {
    this.runSoon();
  }

  runSoon(): void {
    if (!this.#isActive) return;
    this.#isWoken = true;
    if (this.#running) return;
    this.#timer?.cancel();
    // Who woke it has a trace of its own; what a worker does belongs to the cascades of its rows.
    this.#running = context.with(ROOT_CONTEXT, () => this.#runWhileWoken()).finally(() => {
      this.#running = undefined;
      // Woken or started again after its last look, before the run was over.
      if (this.#isWoken) this.runSoon();
    });
  }

  async #runWhileWoken(): Promise<void> {
    let delayMs = this.options.intervalMs;
    while (this.#isActive && this.#isWoken) {
      this.#isWoken = false;
      delayMs = await this.#runOnce();
    }
    if (this.#isActive) this.#timer = this.clock.after(delayMs, () => this.runSoon());
  }

  /** @returns milliseconds until the next run */
  async #runOnce(): Promise<number> {
    try {
      const more = await this.options.run();
      this.#failures = 0;
      if (more === true) this.#isWoken = true;
      return typeof more === 'number' ? Math.max(0, Math.min(more, this.options.intervalMs)) : this.options.intervalMs;
    } catch (error) {
      this.logger.warn({ err: error, worker: this.options.name, failures: this.#failures + 1 }, 'a worker failed and will run again');
      this.#isWoken = false;
      this.#failures += 1;
      return Math.min(longestDelayMs, firstDelayMs * 2 ** (this.#failures - 1));
    }
  }
}
