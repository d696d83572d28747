import type { Clock } from '../clock/clock.js';
import type { World } from './world.js';

/** A process of a service: it may be killed at any moment, or stand still and go on as if nothing had been. */
export class SimulatedProcess {
  readonly clock: Clock;
  #isAlive = true;
  #standsStillUntilMs = 0;
  readonly #silent: ((durationMs: number) => void)[] = [];

  constructor(
    readonly world: World,
    readonly name: string,
  ) {
    this.clock = {
      nowMs: () => Math.floor(world.nowMs),
      after: (delayMs, action) => {
        let isCancelled = false;
        this.deliver(delayMs, () => (isCancelled ? undefined : action()));
        return { cancel: () => void (isCancelled = true) };
      },
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** True while nothing happens in it. */
  get standsStill(): boolean {
    return this.world.nowMs < this.#standsStillUntilMs;
  }

  /** Something reaches the process after so many milliseconds, if it still lives; later when it stands still then. */
  deliver(delayMs: number, action: () => void): void {
    this.world.after(delayMs, () => this.#receive(action));
  }

  #receive(action: () => void): void {
    if (!this.#isAlive) return;
    if (this.standsStill) this.deliver(this.#standsStillUntilMs - this.world.nowMs, action);
    else action();
  }

  /** Servers notice that nothing comes from it; for ever (`Infinity`) when it was killed. */
  onSilence(action: (durationMs: number) => void): void {
    this.#silent.push(action);
  }

  kill(): void {
    if (!this.#isAlive) return;
    this.world.note(() => `${this.name} is killed`);
    this.#isAlive = false;
    for (const action of this.#silent) action(Infinity);
  }

  standStill(durationMs: number): void {
    this.world.note(() => `${this.name} stands still for ${durationMs} ms`);
    this.#standsStillUntilMs = this.world.nowMs + durationMs;
    for (const action of this.#silent) action(durationMs);
  }
}
