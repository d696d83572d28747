import { eventCatalogue } from '@millrace/contracts';
import type { EventType } from '@millrace/contracts';
import type { EachBatchPayload } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { faultPoint } from '../fault-point.js';
import type { DataRecord } from '../kafka/data-record.js';
import type { KafkaConnection } from '../kafka/kafka-connection.js';
import { recordOfMessage } from '../kafka/record-of-message.js';
import { SteadyConsumer } from '../kafka/steady-consumer.js';
import type { Topics } from '../kafka/topics.js';
import type { Worker } from '../workers/worker.js';
import type { EventHandler, EventHandling } from './event-handling.js';
import type { InboxMarks } from './inbox-marks.js';
import { lanesByKey } from './lanes-by-key.js';
import { nextOffset } from './next-offset.js';
import type { ParkedEvents } from './parked-events.js';

const heartbeatIntervalMs = 1_000;
/** Keys handled at the same time in a partition, and partitions at the same time: both within the database's pool. */
const keysAtOnce = 4;
const partitionsAtOnce = 4;
/** How long a partition rests while the database is away. */
const pauseMs = 1_000;
const retryMs = 500;
/** A stopping service goes on with the batch in hand this long, then leaves the rest to the next process. */
const finishMs = 3_000;

/** What an event consumer works with. */
export interface EventConsumerParts {
  kafka: KafkaConnection;
  topics: Topics;
  handling: EventHandling;
  parked: ParkedEvents;
  marks: InboxMarks;
  /** Without prefix. */
  group: string;
  /** Woken when an event was parked. */
  retryWorker: Worker;
}

/** What of a batch is settled, and whether the partition must rest. */
interface Progress {
  settled: Set<bigint>;
  mustPause: boolean;
}

/** Reads the lifecycle topics of a service's `@On` handlers: per key in order, keys side by side; offsets are committed after the transactions. */
export class EventConsumer {
  #consumer: SteadyConsumer | undefined;
  #topics: readonly string[] = [];
  #stopAtMs = Infinity;
  /** Records behind, by partition, as of the last batch. */
  readonly #lags = new Map<string, number>();

  constructor(private readonly parts: EventConsumerParts) {}

  /** True while it is a member of its group, or has nothing to read. */
  get isJoined(): boolean {
    return this.#consumer === undefined ? this.#topics.length === 0 : this.#consumer.isJoined;
  }

  /** Records that were waiting when the last batches came. */
  get lag(): number {
    return [...this.#lags.values()].reduce((sum, lag) => sum + lag, 0);
  }

  /** Begins in the background; creates topics that are missing. */
  start(handlers: ReadonlyMap<EventType, EventHandler>): void {
    this.parts.handling.setHandlers(handlers);
    this.#topics = [...new Set([...handlers.keys()].map((type) => eventCatalogue[type].topic))];
    if (this.#topics.length > 0) void this.#begin([...handlers.keys()]);
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.#stopAtMs = Date.now() + finishMs;
    await this.#consumer?.stop();
    await this.parts.marks.write();
  }

  async #begin(types: EventType[]): Promise<void> {
    while (this.#stopAtMs === Infinity) {
      try {
        await this.parts.topics.ensureEvents(types);
        break;
      } catch (error) {
        this.parts.kafka.logger.debug({ err: error }, 'topics cannot be made yet');
        await delay(retryMs);
      }
    }
    if (this.#stopAtMs !== Infinity) return;
    this.#consumer = new SteadyConsumer(this.parts.kafka, {
      group: this.parts.group,
      topics: this.#topics,
      fromBeginning: true,
      concurrency: partitionsAtOnce,
      eachBatch: (payload) => this.#eachBatch(payload),
      joined: () => this.parts.marks.forget(),
    });
    this.#consumer.start();
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, pause } = payload;
    const topic = this.parts.kafka.plainName(batch.topic);
    const records = batch.messages.map((message) => recordOfMessage(topic, batch.partition, message));
    const progress: Progress = { settled: new Set(), mustPause: false };
    const beat = setInterval(() => void heartbeat().catch(() => undefined), heartbeatIntervalMs);
    try {
      await this.#settle(topic, batch.partition, records, progress);
      await this.#commit(payload, topic, records, progress);
    } catch (error) {
      this.parts.kafka.logger.warn({ err: error, topic }, 'events cannot be handled now');
      progress.mustPause = true;
    } finally {
      clearInterval(beat);
    }
    if (progress.mustPause) setTimeout(pause(), pauseMs);
  }

  async #settle(topic: string, partition: number, records: DataRecord[], progress: Progress): Promise<void> {
    const mark = await this.parts.marks.of(topic, partition);
    const isDone = (record: DataRecord): boolean => record.offset < mark || !this.parts.handling.concerns(record);
    for (const { offset } of records.filter(isDone)) progress.settled.add(offset);
    const open = records.filter((record) => !isDone(record));
    if (open.length === 0) return;
    const waiting = await this.parts.parked.waitingKeys(topic, [...new Set(open.map(({ key }) => key ?? ''))]);
    const lanes = lanesByKey(open);
    const run = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane; lane = lanes.shift()) await this.#settleLane(lane, waiting, progress);
    };
    await Promise.all(Array.from({ length: Math.min(keysAtOnce, lanes.length) }, run));
  }

  async #settleLane(lane: DataRecord[], waiting: Set<string>, progress: Progress): Promise<void> {
    for (const record of lane) {
      if (progress.mustPause || Date.now() > this.#stopAtMs) return;
      if (waiting.has(record.key ?? '')) {
        await this.parts.parked.parkBehind(record);
      } else {
        const outcome = await this.parts.handling.handleFresh(record);
        if (outcome === 'paused') progress.mustPause = true;
        if (outcome === 'paused') return;
        if (outcome === 'parked') {
          waiting.add(record.key ?? '');
          this.parts.retryWorker.wake();
        }
      }
      progress.settled.add(record.offset);
    }
  }

  async #commit({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload, topic: string, records: DataRecord[], { settled }: Progress): Promise<void> {
    const next = nextOffset(
      records.map(({ offset }) => offset),
      settled,
    );
    if (next === null || next === records[0]?.offset) return;
    this.parts.marks.moved(topic, batch.partition, next);
    this.#lags.set(`${topic}/${batch.partition}`, Number(BigInt(batch.highWatermark) - next));
    faultPoint('before-offset-commit');
    resolveOffset((next - 1n).toString());
    const partitions = [{ partition: batch.partition, offset: next.toString() }];
    // A lost commit does not matter: what comes again is below the mark, or its id is in the inbox.
    await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions }] }).catch(() => undefined);
    faultPoint('after-offset-commit');
  }
}
