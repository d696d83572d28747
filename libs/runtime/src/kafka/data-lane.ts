import type { BrokerConsumer, FetchedBatch, TopicPartition } from '../broker/broker.js';
import type { RecordBatch } from '../broker/data-record.js';
import { packRecords } from '../broker/pack-records.js';
import type { PackedRecords } from '../broker/packed-records.js';
import { delayOf } from '../clock/clock.js';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';
import { LaneState } from './lane-state.js';

/** Records of one partition, as objects or without one each. */
export interface LaneBatch extends RecordBatch {
  readonly packed: PackedRecords;
}

/** Why a partition is to rest, and until when; others go on. */
export interface Backlog {
  /** One sentence for operators. */
  because: string;
  until: Promise<unknown>;
}

export interface DataLaneOptions {
  /** Consumer group without prefix, e.g. `millrace.ingestion.data.0`. */
  group: string;
  /**
   * Awaited for each batch of a partition. A failure is logged and the same records come again with growing delay. With a backlog
   * the records are taken, and no more of this partition is read until it has gone.
   */
  handle(batch: LaneBatch): Promise<Backlog | void>;
  /** The first offset to read of a partition that this process was just given; null: where the group's committed offset says, else the beginning. */
  resumeAt?(topic: string, partition: number): Promise<bigint | null>;
  /** Called after each rebalance with everything this process reads now. */
  assigned?(partitions: TopicPartition[]): void;
  /** Partitions handled at the same time. */
  concurrency?: number;
  /** Most bytes of one partition that a fetch brings: what a flooded one may take before the others have their turn. */
  partitionFetchBytes?: number;
}

const firstDelayMs = 200;
const longestDelayMs = 10_000;
const defaultConcurrency = 2;

/** A consumer group over data topics whose list may change while it runs. */
export class DataLane implements Stoppable {
  #topics: string[] = [];
  #consumer: BrokerConsumer | undefined;
  #isStarted = false;
  #change: Promise<void> = Promise.resolve();
  /** Grows with each rebalance. */
  #generation = 0;
  #positioned = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, number>();
  /** Pauses and lags, for operators. */
  readonly state = new LaneState();

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly options: DataLaneOptions,
  ) {}

  get group(): string {
    return this.options.group;
  }

  get topics(): readonly string[] {
    return this.#topics;
  }

  /** True while it is a member of its group; also true with nothing to read. */
  get isJoined(): boolean {
    return this.#topics.length === 0 || this.#consumer?.isJoined === true;
  }

  /** Replaces the list: leaves after the batch in hand and joins again. Nothing happens when the list is the same. Topics must exist. */
  async setTopics(topics: readonly string[]): Promise<void> {
    const next = [...new Set(topics)].sort();
    if (next.join() === this.#topics.join()) return this.#change;
    this.#topics = next;
    if (this.#isStarted) await this.#restart();
  }

  /** Begins to read; goes on trying while Kafka is away. */
  async start(): Promise<void> {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.kafka.started(this);
    this.kafka.lanes.add(this);
    await this.#restart();
  }

  /** Finishes the batch in hand and leaves the group. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.kafka.stopped(this);
    this.kafka.lanes.delete(this);
    await this.#restart();
  }

  #restart(): Promise<void> {
    this.#change = this.#change.then(async () => {
      await this.#consumer?.stop();
      this.#consumer = undefined;
      if (this.#isStarted && this.#topics.length > 0) this.#join();
    });
    return this.#change;
  }

  #join(): void {
    const { group, concurrency = defaultConcurrency, partitionFetchBytes } = this.options;
    const consumer = this.kafka.consumer({
      group,
      ...(partitionFetchBytes === undefined ? {} : { partitionFetchBytes }),
      topics: this.#topics,
      fromBeginning: true,
      concurrency,
      eachBatch: (batch) => this.#eachBatch(batch),
      joined: (partitions) => this.#joined(partitions, consumer),
    });
    this.#consumer = consumer;
    consumer.start();
  }

  #joined(partitions: TopicPartition[], consumer: BrokerConsumer): void {
    this.#generation += 1;
    this.state.joined(partitions);
    this.options.assigned?.(partitions);
    if (!this.options.resumeAt) return;
    this.#positioned = new Map(partitions.map((one) => [`${one.topic}/${one.partition}`, this.#position(consumer, this.#generation, one)]));
  }

  async #eachBatch(batch: FetchedBatch): Promise<void> {
    const { topic, partition } = batch;
    const place = `${topic}/${partition}`;
    try {
      await this.#positioned.get(place);
      if (batch.isStale()) return;
      const packed = batch.packed ?? packRecords(batch.records);
      const backlog = await this.options.handle(laneBatchOf(batch, packed));
      this.#failures.delete(place);
      await this.#settle(batch, packed);
      if (backlog) this.#pause(batch, backlog);
    } catch (error) {
      const failures = (this.#failures.get(place) ?? 0) + 1;
      this.#failures.set(place, failures);
      this.kafka.logger.warn({ err: error, place, failures }, 'a batch of records failed and comes again');
      const pause = Promise.withResolvers<void>();
      this.kafka.clock.after(delayAfter(failures - 1), pause.resolve);
      this.#pause(batch, { because: `a batch failed and is tried again: ${(error as Error).message}`, until: pause.promise });
    }
  }

  #pause(batch: FetchedBatch, { because, until }: Backlog): void {
    const { topic, partition } = batch;
    const resume = batch.pause();
    this.state.paused({ topic, partition, because, sinceMs: this.kafka.clock.nowMs() });
    const resumed = (): void => {
      this.state.resumed({ topic, partition }, this.kafka.clock.nowMs());
      resume();
    };
    void until.then(resumed, resumed);
  }

  /** The next fetch begins behind the batch. With `resumeAt` the commit is a hint for operators, which nobody waits for. */
  async #settle({ topic, partition, highWatermark, advance, commit }: FetchedBatch, packed: PackedRecords): Promise<void> {
    const nextOffset = BigInt(packed.nextOffset);
    advance(nextOffset);
    const records = Number(highWatermark - nextOffset);
    this.state.lagged({ topic, partition, records, sinceMs: records > 0 ? (packed.places.timestamps[packed.count - 1] ?? null) : null });
    const committed = commit(nextOffset).catch(() => undefined);
    if (!this.options.resumeAt) await committed;
  }

  /** Moves a partition that was just given to where the handler wants to go on; tries until the handler can say. */
  async #position(consumer: BrokerConsumer, generation: number, { topic, partition }: TopicPartition): Promise<void> {
    for (let failures = 0; this.#isStarted && generation === this.#generation; failures += 1) {
      try {
        const offset = (await this.options.resumeAt?.(topic, partition)) ?? null;
        if (generation === this.#generation && offset !== null) consumer.seek({ topic, partition }, offset);
        return;
      } catch (error) {
        this.kafka.logger.warn({ err: error, topic, partition }, 'the position of a partition is not known yet');
        await delayOf(this.kafka.clock, delayAfter(failures));
      }
    }
  }
}

function delayAfter(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
}

function laneBatchOf(batch: FetchedBatch, packed: PackedRecords): LaneBatch {
  return {
    topic: batch.topic,
    partition: batch.partition,
    packed,
    get records() {
      return batch.records;
    },
  };
}
