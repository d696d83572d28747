import type { SimulatedProcess } from './simulated-process.js';
import type { World } from './world.js';

/** The connection is gone: whether the server did it is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** How a server answers a request, once. */
export interface Answer<R> {
  resolve(value: R): void;
  reject(error: Error): void;
}

/** How often a request goes wrong while faults happen. */
export interface ServerFaults {
  /** The request does not arrive. */
  lostRequest: number;
  /** It is done and the answer does not arrive. */
  lostAnswer: number;
  /** Whoever asked gives up, and the request arrives later. */
  late: number;
  /** The answer takes seconds. */
  slow: number;
}

const quickMs: [number, number] = [0.1, 2];
const slowMs: [number, number] = [50, 4_000];
const giveUpMs: [number, number] = [1, 3_000];
const lateMs: [number, number] = [100, 12_000];

/** A server that processes ask over a network. */
export class SimulatedServer {
  isUp = true;

  constructor(
    readonly world: World,
    readonly name: string,
    private readonly faults: ServerFaults,
  ) {}

  /**
   * Sends a request. What the server does, it does at one moment, later than the request and before the answer; a process that was killed
   * meanwhile hears nothing, and what it had sent may still be done.
   */
  ask<R>(process: SimulatedProcess, what: string, serve: (answer: Answer<R>) => void): Promise<R> {
    const { world } = this;
    return new Promise<R>((resolve, reject) => {
      if (!process.isAlive) return;
      const isLost = world.fails(this.faults.lostRequest);
      const isLate = world.fails(this.faults.late);
      const isUnheard = isLate || world.fails(this.faults.lostAnswer);
      const lose = (): void => {
        world.note(() => `${process.name} hears nothing of ${what} from ${this.name}`);
        process.deliver(this.#between(giveUpMs), () => reject(new ConnectionLost(`${this.name} does not answer`)));
      };
      const reply = (act: () => void): void => {
        if (!isUnheard) process.deliver(this.#latencyMs(), act);
        else if (!isLate) lose();
      };
      if (isLate) lose();
      world.after(isLate ? this.#between(lateMs) : this.#latencyMs(), () => {
        if (!this.isUp || isLost) return isLate ? undefined : lose();
        serve({ resolve: (value) => reply(() => resolve(value)), reject: (error) => reply(() => reject(error)) });
      });
    });
  }

  #latencyMs(): number {
    return this.#between(this.world.fails(this.faults.slow) ? slowMs : quickMs);
  }

  #between([fromMs, toMs]: [number, number]): number {
    return fromMs + this.world.random.next() * (toMs - fromMs);
  }
}
