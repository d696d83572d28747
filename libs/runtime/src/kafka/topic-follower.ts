import { randomUUID } from 'node:crypto';
import type { BrokerConsumer, FetchedBatch } from '../broker/broker.js';
import type { DataRecord } from '../broker/data-record.js';
import { delayOf } from '../clock/clock.js';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';

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
  /** Resolves when everything that was in the topics at the start has been handed over; without `fromBeginning` when it has begun to read. */
  readonly caughtUp: Promise<void>;
  #resolveCaughtUp: () => void = () => undefined;
  readonly #consumer: BrokerConsumer;
  #isRunning = false;
  readonly #group: string;
  /** Offsets behind the last record at the start, by topic and partition, of those not yet reached. */
  #missing: Map<string, bigint> | undefined;
  readonly #lags = new Map<string, bigint>();

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly options: TopicFollowerOptions,
  ) {
    const { topics, name = 'follower', fromBeginning = true } = options;
    this.#group = `millrace.${name}.${randomUUID()}`;
    this.#consumer = kafka.consumer({
      group: this.#group,
      topics,
      fromBeginning,
      concurrency: 1,
      eachBatch: (batch) => this.#eachBatch(batch),
      joined: () => (fromBeginning ? undefined : this.#resolveCaughtUp()),
    });
    this.caughtUp = new Promise((resolve) => {
      this.#resolveCaughtUp = resolve;
    });
  }

  /** Begins to follow and returns; while Kafka is away it tries again by itself. */
  start(): Promise<void> {
    if (this.#isRunning) return Promise.resolve();
    this.#isRunning = true;
    this.kafka.started(this);
    void this.#begin();
    return Promise.resolve();
  }

  /** True while Kafka answers: what is written now is handed over soon. */
  get isFollowing(): boolean {
    return this.#consumer.isJoined;
  }

  /** When Kafka last answered, in milliseconds of the clock; null when it has not yet. */
  get heardAtMs(): number | null {
    return this.#consumer.heardAtMs ?? null;
  }

  /** Records not yet handed over, as of the last batch. */
  lag(): bigint {
    return [...this.#lags.values()].reduce((sum, lag) => sum + lag, 0n);
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.kafka.stopped(this);
    await this.#consumer.stop();
    await this.kafka.withAdmin((admin) => admin.deleteGroup(this.#group)).catch(() => undefined);
  }

  async #begin(): Promise<void> {
    for (let failures = 0; this.#isRunning; failures += 1) {
      try {
        if (this.options.fromBeginning !== false) this.#missing = await this.#endOffsets();
        this.#checkCaughtUp();
        return this.#consumer.start();
      } catch (error) {
        this.kafka.logger.debug({ err: error, topics: this.options.topics }, 'a follower cannot read yet');
        await delayOf(this.kafka.clock, Math.min(longestDelayMs, firstDelayMs * 2 ** failures));
      }
    }
  }

  async #eachBatch({ topic, partition, records, highWatermark, advance }: FetchedBatch): Promise<void> {
    for (const record of records) {
      try {
        await this.options.onRecord(record);
      } catch (error) {
        this.kafka.logger.warn({ err: error, topic, partition, offset: record.offset.toString() }, 'a followed record could not be used');
      }
    }
    const nextOffset = (records.at(-1)?.offset ?? -1n) + 1n;
    advance(nextOffset);
    this.#lags.set(`${topic}/${partition}`, highWatermark - nextOffset);
    this.#reached(`${topic}/${partition}`, nextOffset);
  }

  async #endOffsets(): Promise<Map<string, bigint>> {
    const ends = await this.kafka.withAdmin((admin) =>
      Promise.all(this.options.topics.map(async (topic) => ({ topic, offsets: await admin.endsOf(topic) }))),
    );
    const places = ends.flatMap(({ topic, offsets }) => offsets.map(({ partition, low, high }) => ({ place: `${topic}/${partition}`, low, high })));
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
