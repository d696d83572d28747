import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { RecordBatch } from './data-record.js';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';
import { recordOfMessage } from './record-of-message.js';
import { setTimeout as delay } from 'node:timers/promises';

export interface TopicPartition {
  topic: string;
  partition: number;
}

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

/** A consumer group over data topics whose list may change while it runs. */
export class DataLane implements Stoppable {
  #topics: string[] = [];
  #consumer: Consumer | undefined;
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

  /** Replaces the list: leaves after the batch in hand and joins again. Nothing happens when the list is the same. Topics must exist. */
  async setTopics(topics: readonly string[]): Promise<void> {
    const next = [...new Set(topics)].sort();
    if (next.join() === this.#topics.join()) return this.#change;
    this.#topics = next;
    if (this.#isStarted) await this.#restart();
  }

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
    this.#change = this.#change.then(() => this.#leave()).then(() => this.#join());
    return this.#change;
  }

  async #leave(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.disconnect().catch(() => undefined);
  }

  async #join(): Promise<void> {
    for (let attempt = 0; this.#isStarted && this.#topics.length > 0; attempt += 1) {
      const consumer = this.kafka.consumer({ groupId: this.options.group });
      try {
        await this.#run(consumer);
        this.#consumer = consumer;
        return;
      } catch (error) {
        this.kafka.logger.warn({ err: error, group: this.options.group }, 'a data lane cannot read yet');
        await consumer.disconnect().catch(() => undefined);
        await delay(delayAfter(attempt));
      }
    }
  }

  async #run(consumer: Consumer): Promise<void> {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#positioned.clear();
      const partitions = Object.entries(payload.memberAssignment).flatMap(([topic, numbers]) =>
        (numbers as number[]).map((partition) => ({ topic: this.kafka.plainName(topic), partition })),
      );
      this.options.assigned?.(partitions);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: this.#topics.map((topic) => this.kafka.name(topic)), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.options.concurrency ?? 2,
      eachBatch: (payload) => this.#eachBatch(consumer, payload),
    });
  }

  async #eachBatch(consumer: Consumer, payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, resolveOffset, commitOffsetsIfNecessary, pause } = payload;
    const topic = this.kafka.plainName(batch.topic);
    const place = `${topic}/${batch.partition}`;
    const beat = setInterval(() => void heartbeat().catch(() => undefined), heartbeatIntervalMs);
    try {
      if (await this.#seekOnce(consumer, batch.topic, batch.partition, BigInt(batch.firstOffset() ?? batch.lastOffset()))) return;
      await this.options.handle({ topic, partition: batch.partition, records: batch.messages.map((message) => recordOfMessage(topic, batch.partition, message)) });
      this.#failures.delete(place);
      resolveOffset(batch.lastOffset());
      const offset = (BigInt(batch.lastOffset()) + 1n).toString();
      await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }] }).catch(() => undefined);
    } catch (error) {
      const failures = this.#failures.get(place) ?? 0;
      this.#failures.set(place, failures + 1);
      this.kafka.logger.warn({ err: error, topic, partition: batch.partition, failures: failures + 1 }, 'a batch of records failed and comes again');
      setTimeout(pause(), delayAfter(failures));
    } finally {
      clearInterval(beat);
    }
  }

  /** Before the first batch of a partition after a rebalance. True: the batch starts elsewhere than it should and is fetched again. */
  async #seekOnce(consumer: Consumer, brokerTopic: string, partition: number, firstOffset: bigint): Promise<boolean> {
    const place = `${brokerTopic}/${partition}`;
    if (this.#positioned.has(place) || !this.options.resumeAt) return false;
    const offset = await this.options.resumeAt(this.kafka.plainName(brokerTopic), partition);
    this.#positioned.add(place);
    if (offset === null || offset === firstOffset) return false;
    consumer.seek({ topic: brokerTopic, partition, offset: offset.toString() });
    return true;
  }
}

function delayAfter(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
}
