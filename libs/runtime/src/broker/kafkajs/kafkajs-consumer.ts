import { setTimeout as delay } from 'node:timers/promises';
import type { Batch, Consumer, EachBatchPayload } from 'kafkajs';
import type { Logger } from 'pino';
import type { BrokerConsumer, ConsumerOptions, FetchedBatch, TopicPartition } from '../broker.js';
import type { DataRecord } from '../data-record.js';
import type { TopicNames } from '../topic-names.js';
import { packedRecordsOf } from './packed-fetch.js';
import { recordOfMessage } from './record-of-message.js';

const firstDelayMs = 200;
const longestDelayMs = 5_000;
const quickDelayUpTo = 6;
/** Heartbeats while a handler works on one batch for long: kafkajs beats between batches only. */
const heartbeatIntervalMs = 1_000;

/**
 * A kafkajs consumer that is made again whenever kafkajs gives up, and tries until Kafka is there ("coordinator not available" and the
 * like are normal for some seconds after a broker's start).
 */
export class KafkajsConsumer implements BrokerConsumer {
  #consumer: Consumer | undefined;
  #isJoined = false;
  #heardAtMs: number | null = null;
  #stopping = new AbortController();
  #connecting: Promise<void> = Promise.resolve();

  constructor(
    private readonly newClient: () => Consumer,
    private readonly names: TopicNames,
    private readonly options: ConsumerOptions,
    private readonly logger: Logger,
    /** Hears of each error that ends an attempt. */
    private readonly failed: (error: unknown) => void,
  ) {}

  get isJoined(): boolean {
    return this.#isJoined;
  }

  get heardAtMs(): number | null {
    return this.#heardAtMs;
  }

  start(): void {
    this.#connecting = this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connecting;
    await this.#leave();
  }

  seek({ topic, partition }: TopicPartition, offset: bigint): void {
    this.#consumer?.seek({ topic: this.names.onBroker(topic), partition, offset: offset.toString() });
  }

  async #connect(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await this.#run(this.#newConsumer());
      } catch (error) {
        this.failed(error);
        this.logger[failures < quickDelayUpTo ? 'debug' : 'warn']({ err: error, group: this.options.group }, 'cannot read from Kafka yet');
        await this.#leave();
        await delay(Math.min(longestDelayMs, firstDelayMs * 2 ** failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #newConsumer(): Consumer {
    const consumer = this.newClient();
    const { GROUP_JOIN, REBALANCING, CRASH, FETCH } = consumer.events;
    consumer.on(FETCH, ({ timestamp }) => {
      this.#heardAtMs = timestamp;
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (consumer !== this.#consumer) return;
      this.#isJoined = true;
      this.options.joined?.(this.#partitionsOf(payload.memberAssignment));
    });
    consumer.on(REBALANCING, () => {
      if (consumer === this.#consumer) this.#isJoined = false;
    });
    consumer.on(CRASH, ({ payload }) => {
      if (consumer !== this.#consumer) return;
      this.failed(payload.error);
      this.#isJoined = false;
      if (!payload.restart && !this.#stopping.signal.aborted) this.#connecting = this.#leave().then(() => this.#connect());
    });
    this.#consumer = consumer;
    return consumer;
  }

  async #run(consumer: Consumer): Promise<void> {
    const { topics, fromBeginning, concurrency } = this.options;
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map((topic) => this.names.onBroker(topic)), fromBeginning });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
  }

  /** kafkajs would give up the other partitions of the fetch too if this threw. */
  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const batch = this.#batchOf(payload);
    // Compaction took the rest of a record batch: nothing to hand over, and the next fetch must begin behind it.
    if (!batch) return payload.resolveOffset(payload.batch.lastOffset());
    const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), heartbeatIntervalMs);
    try {
      await this.options.eachBatch(batch);
    } finally {
      clearInterval(beat);
    }
  }

  #batchOf({ batch, isStale, pause, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): FetchedBatch | null {
    const { partition, messages } = batch;
    const topic = this.names.plain(batch.topic);
    const { fetchedOffset } = batch as Batch & { fetchedOffset: string };
    const packed = packedRecordsOf(messages, fetchedOffset);
    if (packed?.count === 0) return null;
    let records: DataRecord[] | undefined;
    return {
      topic,
      partition,
      ...(packed ? { packed } : {}),
      get records() {
        return (records ??= packed ? packed.recordsOf(topic, partition) : messages.map((message) => recordOfMessage(topic, partition, message)));
      },
      highWatermark: BigInt(batch.highWatermark),
      isStale,
      advance: (nextOffset) => resolveOffset((nextOffset - 1n).toString()),
      commit: (nextOffset) => commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition, offset: nextOffset.toString() }] }] }),
      pause,
    };
  }

  async #leave(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    this.#isJoined = false;
    await consumer?.disconnect().catch(() => undefined);
  }

  #partitionsOf(assignment: Record<string, number[]>): TopicPartition[] {
    return Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic: this.names.plain(topic), partition })));
  }
}
