import { eventCatalogue } from '@millrace/contracts';
import type { EventType } from '@millrace/contracts';
import type { BrokerConsumer, FetchedBatch } from '../broker/broker.js';
import type { DataRecord } from '../broker/data-record.js';
import { delayOf } from '../clock/clock.js';
import { faultPoint } from '../fault-point.js';
import type { KafkaConnection } from '../kafka/kafka-connection.js';
import type { LaneLag } from '../kafka/lane-state.js';
import type { Topics } from '../kafka/topics.js';
import type { Worker } from '../workers/worker.js';
import type { EventHandler, EventHandling } from './event-handling.js';
import type { InboxMarks } from './inbox-marks.js';
import { lanesByKey } from './lanes-by-key.js';
import { nextOffset } from './next-offset.js';
import type { ParkedEvents } from './parked-events.js';

const partitionsAtOnce = 4;
/** Events of one transaction: many make commits rare, few let go of their locks soon. */
const mostTogether = 32;
/** Fewer than this are not spread over several transactions. */
const fewestTogether = 8;
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

/** Reads the lifecycle topics of a service's `@On` handlers: per key in order, several events in one transaction, keys side by side; offsets are committed after the transactions. */
export class EventConsumer {
  #consumer: BrokerConsumer | undefined;
  #topics: readonly string[] = [];
  #stopAtMs = Infinity;
  /** Records behind, by partition, as of the last batch. */
  readonly #lags = new Map<string, LaneLag>();

  constructor(private readonly parts: EventConsumerParts) {}

  /** True while it is a member of its group, or has nothing to read. */
  get isJoined(): boolean {
    return this.#consumer === undefined ? this.#topics.length === 0 : this.#consumer.isJoined;
  }

  /** How far it is behind in each partition, as of the last batches. */
  get lags(): LaneLag[] {
    return [...this.#lags.values()];
  }

  get group(): string {
    return this.parts.group;
  }

  /** Begins in the background; creates topics that are missing. */
  start(handlers: ReadonlyMap<EventType, EventHandler>): void {
    this.parts.handling.setHandlers(handlers);
    this.#topics = [...new Set([...handlers.keys()].map((type) => eventCatalogue[type].topic))];
    if (this.#topics.length > 0) void this.#begin([...handlers.keys()]);
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.#stopAtMs = this.#nowMs() + finishMs;
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
        await delayOf(this.parts.kafka.clock, retryMs);
      }
    }
    if (this.#stopAtMs !== Infinity) return;
    this.#consumer = this.parts.kafka.consumer({
      group: this.parts.group,
      topics: this.#topics,
      fromBeginning: true,
      concurrency: partitionsAtOnce,
      eachBatch: (batch) => this.#eachBatch(batch),
      joined: () => this.parts.marks.forget(),
    });
    this.#consumer.start();
  }

  async #eachBatch(batch: FetchedBatch): Promise<void> {
    const progress: Progress = { settled: new Set(), mustPause: false };
    try {
      await this.#settle(batch, progress);
      await this.#commit(batch, progress);
    } catch (error) {
      this.parts.kafka.logger.warn({ err: error, topic: batch.topic }, 'events cannot be handled now');
      progress.mustPause = true;
    }
    if (progress.mustPause) this.parts.kafka.clock.after(pauseMs, batch.pause());
  }

  async #settle({ topic, partition, records }: FetchedBatch, progress: Progress): Promise<void> {
    const mark = await this.parts.marks.of(topic, partition);
    const isDone = (record: DataRecord): boolean => record.offset < mark || !this.parts.handling.concerns(record);
    for (const { offset } of records.filter(isDone)) progress.settled.add(offset);
    const open = records.filter((record) => !isDone(record));
    if (open.length === 0) return;
    const waiting = await this.parts.parked.waitingKeys(topic, [...new Set(open.map(({ key }) => key ?? ''))]);
    const groups = groupsOf(lanesByKey(open), Math.max(fewestTogether, Math.min(mostTogether, open.length / this.parts.handling.atOnce)));
    const run = async (): Promise<void> => {
      for (let group = groups.shift(); group; group = groups.shift()) await this.#settleInOrder(group, waiting, progress);
    };
    await Promise.all(Array.from({ length: this.parts.handling.atOnce }, run));
  }

  async #settleInOrder(records: readonly DataRecord[], waiting: Set<string>, progress: Progress): Promise<void> {
    for (let first = 0; first < records.length; first += mostTogether) {
      if (progress.mustPause || this.#nowMs() > this.#stopAtMs) return;
      const some = records.slice(first, first + mostTogether);
      const ready = some.filter(({ key }) => !waiting.has(key ?? ''));
      const handled = ready.length > 1 ? await this.parts.handling.handleTogether(ready) : new Set<DataRecord>();
      for (const { offset } of handled) progress.settled.add(offset);
      for (const record of some) if (!handled.has(record) && !(await this.#settleOne(record, waiting, progress))) return;
    }
  }

  /** @returns false when the rest must wait too */
  async #settleOne(record: DataRecord, waiting: Set<string>, progress: Progress): Promise<boolean> {
    if (progress.mustPause || this.#nowMs() > this.#stopAtMs) return false;
    if (waiting.has(record.key ?? '')) {
      await this.parts.parked.parkBehind(record);
    } else {
      const outcome = await this.parts.handling.handleFresh(record);
      if (outcome === 'paused') progress.mustPause = true;
      if (outcome === 'paused') return false;
      if (outcome === 'parked') {
        waiting.add(record.key ?? '');
        this.parts.retryWorker.wake();
      }
    }
    progress.settled.add(record.offset);
    return true;
  }

  async #commit({ topic, partition, records, highWatermark, advance, commit }: FetchedBatch, { settled }: Progress): Promise<void> {
    const next = nextOffset(
      records.map(({ offset }) => offset),
      settled,
    );
    if (next === null || next === records[0]?.offset) return;
    this.parts.marks.moved(topic, partition, next);
    const waiting = Number(highWatermark - next);
    this.#lags.set(`${topic}/${partition}`, { topic, partition, records: waiting, sinceMs: waiting > 0 ? (records.at(-1)?.timestampMs ?? null) : null });
    faultPoint('before-offset-commit');
    advance(next);
    // A lost commit does not matter: what comes again is below the mark, or its id is in the inbox.
    await commit(next).catch(() => undefined);
    faultPoint('after-offset-commit');
  }

  #nowMs(): number {
    return this.parts.kafka.clock.nowMs();
  }
}

/** Lanes put together to groups of about so many records; all of a key in one, and the keys in the order of their names, so that two transactions lock rows in the same order. */
function groupsOf(lanes: readonly DataRecord[][], size: number): DataRecord[][] {
  const groups: DataRecord[][] = [];
  for (const lane of lanes.toSorted(([one], [other]) => ((one?.key ?? '') < (other?.key ?? '') ? -1 : 1))) {
    const last = groups.at(-1);
    if (last && last.length < size) last.push(...lane);
    else groups.push([...lane]);
  }
  return groups;
}
