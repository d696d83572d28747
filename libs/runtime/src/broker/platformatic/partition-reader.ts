import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer } from '@platformatic/kafka';
import { findErrorBy } from '@platformatic/kafka';
import type { Logger } from 'pino';
import { Turnstile } from '../../work/turnstile.js';
import type { ConsumerOptions, FetchedBatch, PartitionEnds, TopicPartition } from '../broker.js';
import type { DataRecord } from '../data-record.js';
import type { TopicNames } from '../topic-names.js';
import { fetchedOf } from './fetched-records.js';
import type { FetchedPartition } from './fetched-records.js';

/** A partition that is read. */
interface Reading {
  place: TopicPartition;
  /** Of the next record to hand over. */
  position: bigint;
  /** Of the next record to fetch; in front of `position` by what waits and what is in hand. */
  fetchFrom: bigint;
  /** Grows when the position is moved from outside; what was fetched before is stale. */
  moves: number;
  isPaused: boolean;
  isInHand: boolean;
  waiting: { records: DataRecord[]; highWatermark: bigint } | null;
}

const idleWaitMs = 500;
/** A fetch that leaves a partition out, as that has enough to do, shall not hold it up for long. */
const busyWaitMs = 100;
const retryMs = 200;
const defaultFetchBytes = 1_048_576;
const mostFetchBytes = 10_485_760;

/** Reads the partitions of one assignment: fetches ahead by one batch each, hands over one batch of a partition at a time. */
export class PartitionReader {
  readonly #readings: Map<string, Reading>;
  readonly #turnstile: Turnstile;
  #isStopped = false;
  #changed: () => void = () => undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: { client: Consumer; names: TopicNames; options: ConsumerOptions; logger: Logger; handing: Set<Promise<void>> },
    places: readonly TopicPartition[],
  ) {
    this.#turnstile = new Turnstile(parts.options.concurrency);
    this.#readings = new Map(places.map((place) => [placeOf(place), { place, position: -1n, fetchFrom: -1n, moves: 0, isPaused: false, isInHand: false, waiting: null }]));
  }

  /** @param before the reader of the assignment before: a client has one fetch for a broker at a time */
  start(before: PartitionReader | undefined): void {
    this.#ended = (before?.ended ?? Promise.resolve()).then(() => this.#run());
  }

  get ended(): Promise<void> {
    return this.#ended;
  }

  stop(): void {
    this.#isStopped = true;
    this.#changed();
  }

  seek(place: TopicPartition, offset: bigint): void {
    const reading = this.#readings.get(placeOf(place));
    if (reading) this.#move(reading, offset);
  }

  #move(reading: Reading, offset: bigint): void {
    reading.position = offset;
    reading.fetchFrom = offset;
    reading.waiting = null;
    reading.moves += 1;
    this.#changed();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped && this.#readings.size > 0) {
      const round = { isOver: false };
      try {
        await this.#begin();
        const leaders = await this.#leaders();
        await Promise.all([...leaders].map(([node, topics]) => this.#read(node, topics, round)));
      } catch (error) {
        round.isOver = true;
        this.parts.logger.debug({ err: error }, 'a fetch failed');
        if (findErrorBy(error as Error, 'apiId', 'OFFSET_OUT_OF_RANGE')) await this.#moveInRange().catch(() => undefined);
        await delay(retryMs);
      }
    }
  }

  /** Positions that nobody has set come from the group's committed offsets, else from the beginning or the end. */
  async #begin(): Promise<void> {
    const open = [...this.#readings.values()].filter(({ position }) => position < 0n);
    if (open.length === 0) return;
    const moves = new Map(open.map((reading) => [reading, reading.moves]));
    const topics = [...Map.groupBy(open, ({ place }) => place.topic)].map(([topic, some]) => ({ topic: this.parts.names.onBroker(topic), partitions: some.map(({ place }) => place.partition) }));
    const committed = await this.parts.client.listCommittedOffsets({ topics });
    const ends = await this.#ends();
    for (const reading of open) {
      if (reading.moves !== moves.get(reading)) continue;
      const { topic, partition } = reading.place;
      const offset = committed.get(this.parts.names.onBroker(topic))?.[partition] ?? -1n;
      const { low, high } = ends.get(placeOf(reading.place)) ?? { low: 0n, high: 0n };
      reading.position = reading.fetchFrom = offset >= 0n ? offset : this.parts.options.fromBeginning ? low : high;
    }
  }

  async #ends(): Promise<Map<string, PartitionEnds>> {
    const { client, names } = this.parts;
    const topics = [...new Set([...this.#readings.values()].map(({ place }) => names.onBroker(place.topic)))];
    const [lows, highs] = await Promise.all([client.listOffsets({ topics, timestamp: -2n }), client.listOffsets({ topics, timestamp: -1n })]);
    return new Map(topics.flatMap((name) => (lows.get(name) ?? []).map((low, partition) => [`${names.plain(name)}/${partition}`, { partition, low, high: highs.get(name)?.[partition] ?? low }])));
  }

  /** What a partition does not hold any more, or not yet, cannot be read. */
  async #moveInRange(): Promise<void> {
    const ends = await this.#ends();
    for (const reading of this.#readings.values()) {
      const { low, high } = ends.get(placeOf(reading.place)) ?? { low: 0n, high: 0n };
      if (reading.fetchFrom < low || reading.fetchFrom > high) this.#move(reading, reading.fetchFrom < low || this.parts.options.fromBeginning ? low : high);
    }
  }

  /** Readings by broker and topic id. */
  async #leaders(): Promise<Map<number, Map<string, Reading[]>>> {
    const { client, names } = this.parts;
    const metadata = await client.metadata({ topics: [...new Set([...this.#readings.values()].map(({ place }) => names.onBroker(place.topic)))] });
    const leaders = new Map<number, Map<string, Reading[]>>();
    for (const reading of this.#readings.values()) {
      const topic = metadata.topics.get(names.onBroker(reading.place.topic));
      const leader = topic?.partitions[reading.place.partition]?.leader;
      if (!topic || leader === undefined) throw new Error(`${placeOf(reading.place)} has no leader`);
      const topics = leaders.get(leader) ?? new Map<string, Reading[]>();
      leaders.set(leader, topics.set(topic.id, [...(topics.get(topic.id) ?? []), reading]));
    }
    return leaders;
  }

  async #read(node: number, topics: Map<string, Reading[]>, round: { isOver: boolean }): Promise<void> {
    const all = [...topics.values()].flat();
    while (!this.#isStopped && !round.isOver) {
      const wanted = new Set(all.filter(({ isPaused, waiting }) => !isPaused && waiting === null));
      if (wanted.size === 0) await new Promise<void>((resolve) => (this.#changed = resolve));
      else await this.#fetch(node, topics, wanted, wanted.size === all.length ? idleWaitMs : busyWaitMs);
    }
  }

  async #fetch(node: number, topics: Map<string, Reading[]>, wanted: ReadonlySet<Reading>, maxWaitTime: number): Promise<void> {
    const partitionMaxBytes = this.parts.options.partitionFetchBytes ?? defaultFetchBytes;
    const moves = new Map([...wanted].map((reading) => [reading, reading.moves]));
    const request = [...topics].flatMap(([topicId, readings]) => {
      const some = readings.filter((reading) => wanted.has(reading));
      const partitions = some.map(({ place, fetchFrom }) => ({ partition: place.partition, currentLeaderEpoch: -1, fetchOffset: fetchFrom, lastFetchedEpoch: -1, partitionMaxBytes }));
      return some.length === 0 ? [] : [{ topicId, partitions }];
    });
    const response = await this.parts.client.fetch({ node, topics: request, maxWaitTime, minBytes: 1, maxBytes: mostFetchBytes });
    for (const { topicId, partitions } of response.responses) {
      for (const fetched of partitions) {
        const reading = topics.get(topicId)?.find(({ place }) => place.partition === fetched.partitionIndex);
        if (reading && moves.get(reading) === reading.moves) this.#take(reading, fetched);
      }
    }
  }

  #take(reading: Reading, fetched: FetchedPartition): void {
    const { records, nextOffset } = fetchedOf(reading.place, reading.fetchFrom, fetched);
    const isIdle = reading.position === reading.fetchFrom;
    reading.fetchFrom = nextOffset;
    if (records.length > 0) reading.waiting = { records, highWatermark: fetched.highWatermark };
    else if (isIdle) reading.position = nextOffset;
    this.#handOver(reading);
  }

  #handOver(reading: Reading): void {
    if (this.#isStopped || reading.isInHand || reading.isPaused || reading.waiting === null) return;
    const { records, highWatermark } = reading.waiting;
    const { moves } = reading;
    reading.waiting = null;
    reading.isInHand = true;
    this.#changed();
    const handing = this.#turnstile
      .run(() => (this.#isStopped || reading.moves !== moves ? Promise.resolve() : this.parts.options.eachBatch(this.#batchOf(reading, records, highWatermark))))
      .finally(() => {
        this.parts.handing.delete(handing);
        reading.isInHand = false;
        const isDone = reading.position > (records.at(-1)?.offset ?? -1n);
        if (reading.moves === moves && !isDone) this.#move(reading, reading.position);
        this.#handOver(reading);
      });
    this.parts.handing.add(handing);
  }

  #batchOf(reading: Reading, records: DataRecord[], highWatermark: bigint): FetchedBatch {
    const { moves, place } = reading;
    const { client, names } = this.parts;
    const isStale = (): boolean => this.#isStopped || reading.moves !== moves;
    return {
      ...place,
      records,
      highWatermark,
      isStale,
      advance: (nextOffset) => void (isStale() ? undefined : (reading.position = nextOffset)),
      commit: (offset) => client.commit({ offsets: [{ topic: names.onBroker(place.topic), partition: place.partition, offset, leaderEpoch: -1 }] }),
      pause: () => {
        reading.isPaused = true;
        return () => {
          reading.isPaused = false;
          this.#handOver(reading);
          this.#changed();
        };
      },
    };
  }
}

function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
