import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { RecordBatch } from './data-record.js';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';
import { recordOfMessage } from './record-of-message.js';
import { SteadyConsumer } from './steady-consumer.js';
import type { TopicPartition } from './steady-consumer.js';

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
/** Heartbeats while a handler works on one batch for long. */
const heartbeatIntervalMs = 1_000;
const defaultConcurrency = 2;

/** A consumer group over data topics whose list may change while it runs. */
export class DataLane implements Stoppable {
  #topics: string[] = [];
  #consumer: SteadyConsumer | undefined;
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
    this.#consumer = new SteadyConsumer(this.kafka, {
      group,
      topics: this.#topics,
      fromBeginning: true,
      concurrency,
      eachBatch: (payload) => this.#eachBatch(payload),
      joined: (partitions, consumer) => this.#joined(partitions, consumer),
    });
    this.#consumer.start();
  }

  #joined(partitions: TopicPartition[], consumer: Consumer): void {
    this.#generation += 1;
    this.options.assigned?.(partitions);
    if (!this.options.resumeAt) return;
    this.#positioned = new Map(partitions.map((one) => [`${this.kafka.name(one.topic)}/${one.partition}`, this.#position(consumer, this.#generation, one)]));
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, pause, isStale } = payload;
    const place = `${batch.topic}/${batch.partition}`;
    const beat = setInterval(() => void heartbeat().catch(() => undefined), heartbeatIntervalMs);
    try {
      await this.#positioned.get(place);
      if (isStale()) return;
      const topic = this.kafka.plainName(batch.topic);
      await this.options.handle({ topic, partition: batch.partition, records: batch.messages.map((message) => recordOfMessage(topic, batch.partition, message)) });
      this.#failures.delete(place);
      await settle(payload);
    } catch (error) {
      const failures = (this.#failures.get(place) ?? 0) + 1;
      this.#failures.set(place, failures);
      this.kafka.logger.warn({ err: error, place, failures }, 'a batch of records failed and comes again');
      setTimeout(pause(), delayAfter(failures - 1));
    } finally {
      clearInterval(beat);
    }
  }

  /** Moves a partition that was just given to where the handler wants to go on; tries until the handler can say. */
  async #position(consumer: Consumer, generation: number, { topic, partition }: TopicPartition): Promise<void> {
    for (let failures = 0; this.#isStarted && generation === this.#generation; failures += 1) {
      try {
        const offset = (await this.options.resumeAt?.(topic, partition)) ?? null;
        if (generation === this.#generation && offset !== null) consumer.seek({ topic: this.kafka.name(topic), partition, offset: offset.toString() });
        return;
      } catch (error) {
        this.kafka.logger.warn({ err: error, topic, partition }, 'the position of a partition is not known yet');
        await delay(delayAfter(failures));
      }
    }
  }
}

function delayAfter(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
}

/** The next fetch begins behind the batch; the commit is a hint for the next process, so its failure does not matter. */
async function settle({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
  resolveOffset(batch.lastOffset());
  const offset = (BigInt(batch.lastOffset()) + 1n).toString();
  await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }] }).catch(() => undefined);
}
