import { Agenda } from './agenda.js';
import { Random } from './random.js';

/** Something that must never be was seen. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Two things happen before either is heard of this often. */
const coincidence = 0.03;
const startMs = 1_700_000_000_000;

/** Simulated time: one thing happens after the other, as the seed says; between two all code that can go on does. */
export class World {
  readonly random: Random;
  nowMs = startMs;
  steps = 0;
  /** True from the moment when nothing goes wrong any more. */
  isCalm = false;
  /** What happened, when it is wanted. */
  readonly trace: string[] | null;
  #violation: Violation | undefined;
  readonly #agenda = new Agenda();

  constructor(seed: number, { isTraced = false }: { isTraced?: boolean } = {}) {
    this.random = new Random(seed);
    this.trace = isTraced ? [] : null;
  }

  /** Something happens after so many milliseconds. */
  after(delayMs: number, happen: () => void): void {
    this.#agenda.add(this.nowMs + Math.max(0, delayMs), happen);
  }

  note(text: () => string): void {
    this.trace?.push(`${((this.nowMs - startMs) / 1000).toFixed(4).padStart(10)} s  ${text()}`);
  }

  /** Ends the schedule. */
  violate(detail: string): void {
    this.note(() => `VIOLATION ${detail}`);
    this.#violation ??= new Violation(detail);
  }

  /** A fault happens with this probability, as long as faults do. */
  fails(probability: number): boolean {
    return !this.isCalm && this.random.chance(probability);
  }

  /** Lets things happen for so many milliseconds, or until nothing is left, or until it is enough. Throws `Violation`. */
  run(durationMs: number, isEnough: () => boolean = () => false): Promise<void> {
    const endMs = this.nowMs + durationMs;
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          if (this.#violation) throw this.#violation;
          if (isEnough() || !this.#happenNext(endMs)) return resolve();
          if (this.random.chance(coincidence)) this.#happenNext(endMs);
          setImmediate(step);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      step();
    });
  }

  #happenNext(endMs: number): boolean {
    const next = this.#agenda.take();
    if (!next) return false;
    if (next.atMs > endMs) {
      this.#agenda.add(next.atMs, next.happen);
      this.nowMs = endMs;
      return false;
    }
    this.nowMs = Math.max(this.nowMs, next.atMs);
    this.steps += 1;
    next.happen();
    return true;
  }
}
