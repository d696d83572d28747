import type { BrokerConsumer, FetchedBatch, TopicPartition } from '../broker/broker.js';
import type { RecordBatch } from '../broker/data-record.js';
import { delayOf } from '../clock/clock.js';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';

export interface DataLaneOptions {
  /** Consumer group without prefix, e.g. `millrace.ingestion.data.0`. */
  group: string;
  /** Awaited for each batch of a partition. A failure is logged and the same records come again with growing delay. */
  handle(batch: RecordBatch): Promise<void>;
  /** The first offset to read of a partition that this process was just given; null: where the group's committed offset says, else the beginning. */
  resumeAt?(topic: string, partition: number): Promise<bigint | null>;
  /** Called after each rebalance with everything this process reads now. */
  assigned?(partitions: TopicPartition[]): void;
  /** Partitions handled at the same time. */
  concurrency?: number;
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

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly options: DataLaneOptions,
  ) {}

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
    await this.#restart();
  }

  /** Finishes the batch in hand and leaves the group. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    this.kafka.stopped(this);
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
    const { group, concurrency = defaultConcurrency } = this.options;
    const consumer = this.kafka.consumer({
      group,
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
    this.options.assigned?.(partitions);
    if (!this.options.resumeAt) return;
    this.#positioned = new Map(partitions.map((one) => [`${one.topic}/${one.partition}`, this.#position(consumer, this.#generation, one)]));
  }

  async #eachBatch(batch: FetchedBatch): Promise<void> {
    const { topic, partition, records } = batch;
    const place = `${topic}/${partition}`;
    try {
      await this.#positioned.get(place);
      if (batch.isStale()) return;
      await this.options.handle({ topic, partition, records });
      this.#failures.delete(place);
      await settle(batch);
    } catch (error) {
      const failures = (this.#failures.get(place) ?? 0) + 1;
      this.#failures.set(place, failures);
      this.kafka.logger.warn({ err: error, place, failures }, 'a batch of records failed and comes again');
      this.kafka.clock.after(delayAfter(failures - 1), batch.pause());
    }
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

/** The next fetch begins behind the batch; the commit is a hint for the next process, so its failure does not matter. */
async function settle({ records, advance, commit }: FetchedBatch): Promise<void> {
  const nextOffset = (records.at(-1)?.offset ?? -1n) + 1n;
  advance(nextOffset);
  await commit(nextOffset).catch(() => undefined);
}
