import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { DataRecord } from './data-record.js';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';
import { recordOfMessage } from './record-of-message.js';

export interface TopicFollowerOptions {
  /** Without prefix. They must exist. */
  topics: string[];
  /** Called in order per partition. A failure is logged, the record is left behind. */
  onRecord(record: DataRecord): void | Promise<void>;
  /** False: only records written from now on. Default true: from the beginning. */
  fromBeginning?: boolean;
  /** Part of the group's name, for operators. Default `follower`. */
  name?: string;
}

const firstDelayMs = 200;
const longestDelayMs = 10_000;

/**
 * Reads whole topics (compacted ones usually) with a group of its own, which is deleted at stop. Goes on trying while Kafka is away.
 */
export class TopicFollower implements Stoppable {
  /** Resolves when everything that was in the topics at the start has been handed over. */
  readonly caughtUp: Promise<void>;
  #resolveCaughtUp: () => void = () => undefined;
  #consumer: Consumer | undefined;
  #isRunning = false;
  readonly #group: string;
  /** Offsets behind the last record at the start, by topic and partition, of those not yet reached. */
  #missing: Map<string, bigint> | undefined;
  readonly #lags = new Map<string, bigint>();

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly options: TopicFollowerOptions,
  ) {
    this.#group = `millrace.${options.name ?? 'follower'}.${randomUUID()}`;
    this.caughtUp = new Promise((resolve) => {
      this.#resolveCaughtUp = resolve;
    });
  }

  /** Begins to follow and returns; while Kafka is away it tries again by itself. */
  start(): Promise<void> {
    if (this.#isRunning) return Promise.resolve();
    this.#isRunning = true;
    this.kafka.started(this);
    void this.#connect();
    return Promise.resolve();
  }

  /** Records not yet handed over, as of the last batch. */
  lag(): bigint {
    return [...this.#lags.values()].reduce((sum, lag) => sum + lag, 0n);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    this.kafka.stopped(this);
    const consumer = this.#consumer;
    if (!consumer) return;
    this.#consumer = undefined;
    await consumer.disconnect().catch(() => undefined);
    await this.kafka.withAdmin((admin) => admin.deleteGroups([this.kafka.name(this.#group)])).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    for (let failures = 0; this.#isRunning; failures += 1) {
      const consumer = this.kafka.consumer({ groupId: this.#group });
      try {
        this.#missing = await this.#endOffsets();
        this.#checkCaughtUp();
        await this.#run(consumer);
        this.#consumer = consumer;
        if (!this.#isRunning) await this.stop();
        return;
      } catch (error) {
        this.kafka.logger.warn({ err: error, topics: this.options.topics }, 'a follower cannot read yet');
        await consumer.disconnect().catch(() => undefined);
        await delay(Math.min(longestDelayMs, firstDelayMs * 2 ** failures));
      }
    }
  }

  async #run(consumer: Consumer): Promise<void> {
    await consumer.connect();
    const { fromBeginning = true } = this.options;
    await consumer.subscribe({ topics: this.options.topics.map((topic) => this.kafka.name(topic)), fromBeginning });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.#eachBatch(payload) });
  }

  async #eachBatch({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> {
    const topic = this.kafka.plainName(batch.topic);
    for (const message of batch.messages) {
      const record = recordOfMessage(topic, batch.partition, message);
      try {
        await this.options.onRecord(record);
      } catch (error) {
        this.kafka.logger.warn({ err: error, topic, partition: batch.partition, offset: message.offset }, 'a followed record could not be used');
      }
    }
    resolveOffset(batch.lastOffset());
    this.#lags.set(`${topic}/${batch.partition}`, BigInt(batch.offsetLag()));
    this.#reached(`${topic}/${batch.partition}`, BigInt(batch.lastOffset()) + 1n);
    await heartbeat().catch(() => undefined);
  }

  async #endOffsets(): Promise<Map<string, bigint>> {
    if (this.options.fromBeginning === false) return new Map();
    const ends = await this.kafka.withAdmin((admin) =>
      Promise.all(this.options.topics.map(async (topic) => ({ topic, offsets: await admin.fetchTopicOffsets(this.kafka.name(topic)) }))),
    );
    const places = ends.flatMap(({ topic, offsets }) => offsets.map(({ partition, low, high }) => ({ place: `${topic}/${partition}`, low: BigInt(low), high: BigInt(high) })));
    return new Map(places.filter(({ low, high }) => high > low).map(({ place, high }) => [place, high]));
  }

  #reached(place: string, nextOffset: bigint): void {
    const end = this.#missing?.get(place);
    if (end !== undefined && nextOffset >= end) this.#missing?.delete(place);
    this.#checkCaughtUp();
  }

  #checkCaughtUp(): void {
    if (this.#missing?.size === 0) this.#resolveCaughtUp();
  }
}
