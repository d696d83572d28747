import type { BrokerConsumer, ConsumerOptions, FetchedBatch, TopicPartition } from '../broker/broker.js';
import type { DataRecord } from '../broker/data-record.js';
import { delayOf } from '../clock/clock.js';
import { Turnstile } from '../work/turnstile.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import { placeOf } from './simulated-cluster.js';
import type { GroupMember, SimulatedGroup } from './simulated-group.js';
import type { SimulatedProcess } from './simulated-process.js';

/** A partition that is read, from one assignment to the next. */
interface Reading {
  place: TopicPartition;
  position: bigint;
  /** Grows with each seek. */
  seeks: number;
  isPaused: boolean;
  resume: () => void;
}

const retryMs = 200;
const largestFetch = 8;

/** A member of a group of the simulated Kafka. Until it hears of a rebalance it goes on with what it had. */
export class SimulatedConsumer implements BrokerConsumer, GroupMember {
  readonly topics: readonly string[];
  #isJoined = false;
  #isStopped = false;
  #generation = -1;
  #readings = new Map<string, Reading>();
  readonly #handing = new Set<Promise<void>>();
  readonly #turnstile: Turnstile;

  constructor(
    private readonly cluster: SimulatedCluster,
    readonly process: SimulatedProcess,
    private readonly options: ConsumerOptions,
  ) {
    this.topics = options.topics;
    this.#turnstile = new Turnstile(options.concurrency);
    process.onSilence((durationMs) => this.#group.silent(this, durationMs));
  }

  get #group(): SimulatedGroup {
    return this.cluster.group(this.options.group);
  }

  get isBeating(): boolean {
    return this.process.isAlive && !this.#isStopped;
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  start(): void {
    void this.#join();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#forget();
    await Promise.all(this.#handing);
    await this.cluster.ask<void>(this.process, 'the leave of a group', ({ resolve }) => resolve(this.#group.leave(this))).catch(() => this.#group.silent(this, Infinity));
  }

  seek(place: TopicPartition, offset: bigint): void {
    const reading = this.#readings.get(placeOf(place));
    if (!reading) return;
    reading.position = offset;
    reading.seeks += 1;
  }

  async #join(): Promise<void> {
    while (!this.#isStopped) {
      try {
        return await this.cluster.ask<void>(this.process, 'the join of a group', ({ resolve }) => resolve(this.#group.join(this)));
      } catch {
        await delayOf(this.process.clock, retryMs);
      }
    }
  }

  expelled(): void {
    this.#forget();
    if (!this.#isStopped) void this.#join();
  }

  #forget(): void {
    this.#isJoined = false;
    this.#readings = new Map();
  }

  assigned(generation: number, places: TopicPartition[]): void {
    if (this.#isStopped || generation < this.#generation) return;
    this.cluster.world.note(() => `${this.process.name} reads ${places.map(placeOf).join(' ')} in generation ${generation}`);
    this.#generation = generation;
    this.#isJoined = true;
    const readings = places.map((place): Reading => ({ place, position: -1n, seeks: 0, isPaused: false, resume: () => undefined }));
    this.#readings = new Map(readings.map((reading) => [placeOf(reading.place), reading]));
    this.options.joined?.(places);
    for (const reading of readings) void this.#read(reading);
  }

  #isCurrent(reading: Reading): boolean {
    return this.#readings.get(placeOf(reading.place)) === reading;
  }

  async #read(reading: Reading): Promise<void> {
    while (this.#isCurrent(reading)) {
      try {
        if (reading.position < 0n) await this.#begin(reading);
        const { seeks } = reading;
        const { records, highWatermark } = await this.#fetch(reading);
        if (reading.isPaused) await new Promise<void>((resolve) => (reading.resume = resolve));
        if (records.length > 0 && reading.seeks === seeks && this.#isCurrent(reading)) await this.#handle(reading, records, highWatermark);
      } catch {
        await delayOf(this.process.clock, retryMs);
      }
    }
  }

  async #begin(reading: Reading): Promise<void> {
    const { fromBeginning } = this.options;
    const { seeks } = reading;
    const begin = await this.cluster.ask<bigint>(this.process, 'a committed offset', ({ resolve }) => {
      resolve(this.#group.committed.get(placeOf(reading.place)) ?? (fromBeginning ? 0n : BigInt(this.cluster.log(reading.place).length)));
    });
    if (reading.seeks === seeks) reading.position = begin;
  }

  #fetch({ place, position }: Reading): Promise<{ records: DataRecord[]; highWatermark: bigint }> {
    const { world } = this.cluster;
    return this.cluster.ask(this.process, 'records', ({ resolve }) => {
      const log = this.cluster.log(place);
      const count = world.random.between(1, largestFetch);
      const reply = (): void => resolve({ records: log.slice(Number(position), Number(position) + count), highWatermark: BigInt(log.length) });
      if (Number(position) < log.length) reply();
      else this.cluster.onArrival(place, reply);
    });
  }

  #handle(reading: Reading, records: DataRecord[], highWatermark: bigint): Promise<void> {
    const handing = this.#turnstile.run(() => (this.#isCurrent(reading) ? this.options.eachBatch(this.#batchOf(reading, records, highWatermark)) : Promise.resolve()));
    this.#handing.add(handing);
    return handing.finally(() => this.#handing.delete(handing));
  }

  #batchOf(reading: Reading, records: DataRecord[], highWatermark: bigint): FetchedBatch {
    const { seeks } = reading;
    const isStale = (): boolean => !this.#isCurrent(reading) || reading.seeks !== seeks;
    return {
      ...reading.place,
      records,
      highWatermark,
      isStale,
      advance: (nextOffset) => void (isStale() ? undefined : (reading.position = nextOffset)),
      commit: (nextOffset) => this.#commit(reading.place, nextOffset),
      pause: () => {
        reading.isPaused = true;
        return () => {
          reading.isPaused = false;
          reading.resume();
        };
      },
    };
  }

  /** The coordinator looks at the member's generation alone, not at who reads the partition. */
  #commit(place: TopicPartition, nextOffset: bigint): Promise<void> {
    const generation = this.#generation;
    return this.cluster.ask<void>(this.process, 'a commit', ({ resolve, reject }) => {
      const group = this.#group;
      if (!group.isMember(this) || group.generation !== generation) return reject(new Error('The generation is over'));
      group.committed.set(placeOf(place), nextOffset);
      resolve();
    });
  }
}
