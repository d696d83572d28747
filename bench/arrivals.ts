import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** What a child process says of an effect: committed, or of a bare message: arrived; by the machine's monotonic clock. */
interface Arrival {
  id: string;
  atNs: string;
}

/** Sends what has these ids; resolves with the ids that will arrive when it is committed or acknowledged. */
export type Send = (ids: readonly string[]) => Promise<readonly string[]>;

/** Sends at an even pace whether or not earlier sends have arrived. */
export interface EvenLoad {
  name: string;
  perSecond: number;
  seconds: number;
  /** Ids in one send, default 1. */
  atOnce?: number;
  /** Count from the end of the send, its commit, instead of from before it. */
  fromCommit: boolean;
}

/** A bench that waits for what does not come says so. */
const patienceMs = 120_000;

/** Hears from child processes when effects were committed, and gives the time from the send to there. */
export class Arrivals {
  readonly #waiting = new Map<string, (atNs: bigint) => void>();
  /** Arrived before the sender knew the id. */
  readonly #early = new Map<string, bigint>();

  listenTo(child: ChildProcess): void {
    child.on('message', (message) => this.#arrived(message as Partial<Arrival>));
  }

  /** Milliseconds from the send to each arrival. */
  async hops(send: Send, ids: readonly string[], fromCommit: boolean): Promise<number[]> {
    const beforeNs = process.hrtime.bigint();
    const sent = await send(ids);
    const startNs = fromCommit ? process.hrtime.bigint() : beforeNs;
    return (await Promise.all(sent.map((id) => this.#of(id)))).map((atNs) => Number(atNs - startNs) / 1e6);
  }

  /** The next is sent when the one before has arrived. */
  async oneAtATime(send: Send, { name, count, warmUp, fromCommit }: { name: string; count: number; warmUp: number; fromCommit: boolean }): Promise<number[]> {
    const measured: number[] = [];
    for (let index = 0; index < warmUp + count; index += 1) measured.push(...(await arrived(this.hops(send, [`${name}-${index}`], fromCommit), `${name}-${index}`)));
    return measured.slice(warmUp);
  }

  /** In the order of the sends. `until` ends it early. */
  async evenly(send: Send, { name, perSecond, seconds, atOnce = 1, fromCommit }: EvenLoad, until: () => boolean = () => false): Promise<number[]> {
    const startMs = performance.now();
    const under: Promise<number[]>[] = [];
    for (let first = 0; first < perSecond * seconds && !until(); first += atOnce) {
      await pause(Math.max(0, startMs + (first * 1000) / perSecond - performance.now()));
      under.push(this.hops(send, Array.from({ length: atOnce }, (_, index) => `${name}-${first + index}`), fromCommit));
    }
    return (await arrived(Promise.all(under), `all of ${name}`)).flat();
  }

  #of(id: string): Promise<bigint> {
    const early = this.#early.get(id);
    this.#early.delete(id);
    return early === undefined ? new Promise((resolve) => this.#waiting.set(id, resolve)) : Promise.resolve(early);
  }

  #arrived({ id, atNs }: Partial<Arrival>): void {
    if (id === undefined || atNs === undefined) return;
    const waiting = this.#waiting.get(id);
    if (waiting) waiting(BigInt(atNs));
    else this.#early.set(id, BigInt(atNs));
    this.#waiting.delete(id);
  }
}

async function arrived<R>(arrival: Promise<R>, what: string): Promise<R> {
  const isThere = new AbortController();
  const late = pause(patienceMs, undefined, { signal: isThere.signal }).then(() => Promise.reject(new Error(`${what} has not arrived after ${patienceMs / 1000} s`)));
  try {
    return await Promise.race([arrival, late]);
  } finally {
    isThere.abort();
  }
}
