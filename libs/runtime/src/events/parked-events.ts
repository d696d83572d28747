import type { DataRecord } from '../broker/data-record.js';
import type { Clock } from '../clock/clock.js';
import type { ServiceIdentity } from '../service-identity.js';
import { dataRecordType } from '../store/outbox-row.js';
import type { OutboxRow } from '../store/outbox-row.js';
import type { NewDeadLetter, ParkedEvent, ServiceStore, SetAside } from '../store/service-store.js';
import { uuidV7 } from '../uuid.js';
import type { OutboxWaker } from '../work/outbox-waker.js';
import type { Failure } from './failure.js';
import { waitsBehind } from './failure.js';

/** A dead letter's payload beyond this stays in the table only, so that the record on the topic can be sent. */
const largestPayloadBytes = 300_000;

/** Events that could not be handled when they came: parked for another try, or dead letters. */
export class ParkedEvents {
  constructor(
    private readonly store: ServiceStore,
    private readonly identity: ServiceIdentity,
    private readonly waker: OutboxWaker,
    private readonly clock: Clock,
  ) {}

  /** Which of these keys have an event waiting: later events of theirs must wait behind it. */
  waitingKeys(topic: string, keys: readonly string[]): Promise<Set<string>> {
    return this.store.waitingKeys(topic, keys.map(withoutNul));
  }

  /** Sets an event aside until a later try. Parking it twice is one entry. */
  park(record: DataRecord, attempt: number, delayMs: number, because: Failure | typeof waitsBehind): Promise<void> {
    return this.store.park({ ...setAside(record, attempt, because), delayMs });
  }

  parkBehind(record: DataRecord): Promise<void> {
    return this.park(record, 0, 0, waitsBehind);
  }

  /** The first event of each key that is due, longest due first. */
  dueHeads(limit: number): Promise<ParkedEvent[]> {
    return this.store.dueHeads(limit);
  }

  /** Milliseconds until the first head is due; null when nothing is parked. */
  nextDueMs(): Promise<number | null> {
    return this.store.nextDueMs();
  }

  postpone(position: number, attempt: number, delayMs: number, because: Failure): Promise<void> {
    return this.store.postpone(position, attempt, delayMs, because);
  }

  remove(position: number): Promise<void> {
    return this.store.removeParked(position);
  }

  /** Makes an event a dead letter: in the table, on the topic `millrace.<service>.dead-letter`, and out of `parked`. */
  async bury(record: DataRecord, attempt: number, because: Failure): Promise<void> {
    const letter: NewDeadLetter = { ...setAside(record, attempt, because), id: uuidV7(this.clock.nowMs()) };
    try {
      const transaction = await this.store.begin();
      try {
        const id = await transaction.bury(letter);
        await transaction.addToOutbox([this.#rowOf({ ...letter, id })], this.waker.channelToNotify());
        await transaction.commit();
      } finally {
        await transaction.end();
      }
    } catch (error) {
      throw this.store.errorOf(error);
    }
    this.waker.wake();
  }

  #rowOf({ id, record, key: storedKey, attempt, because }: NewDeadLetter): OutboxRow {
    const { topic, partition, offset, key, headers, value } = record;
    const payload = value === null || value.length > largestPayloadBytes ? null : value.toString();
    return {
      id: uuidV7(this.clock.nowMs()),
      aggregatetype: `millrace.${this.identity.name}.dead-letter`,
      aggregateid: storedKey,
      type: dataRecordType,
      payload: JSON.stringify({ id, service: this.identity.name, topic, partition, offset: Number(offset), key, attempt, because, headers, payload }),
      headers: {},
      traceparent: withoutNul(headers['traceparent'] ?? '') || null,
    };
  }
}

function setAside(record: DataRecord, attempt: number, because: object): SetAside {
  const { topic, partition, offset, key, headers } = record;
  const [storedKey = '', eventId = '', type = ''] = [key ?? '', headers['ce_id'] ?? `${topic}/${partition}/${offset}`, headers['ce_type'] ?? ''].map(withoutNul);
  return { record, key: storedKey, eventId, type, attempt, because };
}

/** Postgres text takes every character but this one. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
