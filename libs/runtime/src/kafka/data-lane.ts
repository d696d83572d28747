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
  readonly #positioned = new Set<string>();
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
      eachBatch: (payload, consumer) => this.#eachBatch(payload, consumer),
      joined: (partitions) => {
        this.#positioned.clear();
        this.options.assigned?.(partitions);
      },
    });
    this.#consumer.start();
  }

  async #eachBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { batch, heartbeat, pause } = payload;
    const place = `${batch.topic}/${batch.partition}`;
    const beat = setInterval(() => void heartbeat().catch(() => undefined), heartbeatIntervalMs);
    try {
      if (await this.#seekOnce(payload, consumer)) return;
      const topic = this.kafka.plainName(batch.topic);
      await this.options.handle({ topic, partition: batch.partition, records: batch.messages.map((message) => recordOfMessage(topic, batch.partition, message)) });
      this.#failures.delete(place);
      await settle(payload);
    } catch (error) {
      const failures = (this.#failures.get(place) ?? 0) + 1;
      this.#failures.set(place, failures);
      this.kafka.logger.warn({ err: error, place, failures }, 'a batch of records failed and comes again');
      setTimeout(pause(), Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1)));
    } finally {
      clearInterval(beat);
    }
  }

  /** Before the first batch of a partition after a rebalance. True: it begins elsewhere than it should and is fetched again. */
  async #seekOnce({ batch: { topic, partition, messages } }: EachBatchPayload, consumer: Consumer): Promise<boolean> {
    const place = `${topic}/${partition}`;
    if (this.#positioned.has(place) || !this.options.resumeAt) return false;
    const offset = await this.options.resumeAt(this.kafka.plainName(topic), partition);
    this.#positioned.add(place);
    if (offset === null || offset === BigInt(messages[0]?.offset ?? -1)) return false;
    consumer.seek({ topic, partition, offset: offset.toString() });
    return true;
  }
}

/** The next fetch begins behind the batch; the commit is a hint for the next process, so its failure does not matter. */
async function settle({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
  resolveOffset(batch.lastOffset());
  const offset = (BigInt(batch.lastOffset()) + 1n).toString();
  await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }] }).catch(() => undefined);
}
