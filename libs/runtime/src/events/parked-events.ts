import type { DataRecord } from '../broker/data-record.js';
import type { Clock } from '../clock/clock.js';
import type { ServiceIdentity } from '../service-identity.js';
import { rowOfEvent } from '../store/outbox-row.js';
import type { NewDeadLetter, ParkedEvent, ServiceStore, SetAside } from '../store/service-store.js';
import { faultPoint } from '../fault-point.js';
import { uuidV7 } from '../uuid.js';
import type { OutboxWaker } from '../work/outbox-waker.js';
import { cascadeOfRecord } from './cascade-of-record.js';
import { usableId } from './event-of-record.js';
import { deadLetterRecorded } from './dead-letter-event.js';
import type { Failure } from './failure.js';
import { waitsBehind } from './failure.js';
import { withoutNul } from './without-nul.js';

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

  /** Since it was set aside. */
  waitedMs({ record }: ParkedEvent): number {
    return this.clock.nowMs() - record.timestampMs;
  }

  remove(position: number): Promise<void> {
    return this.store.removeParked(position);
  }

  /** Makes an event a dead letter: in the table, on the topic `millrace.<service>.dead-letter`, and out of `parked`. One that somebody dropped stays dropped. */
  async bury(record: DataRecord, attempt: number, because: Failure): Promise<void> {
    const now = new Date(this.clock.nowMs());
    const event = setAside(record, attempt, because);
    // What is no event has no id: its producer may send it again, mended, under the same one.
    const letter: NewDeadLetter = { ...event, id: uuidV7(now.getTime()), settledAs: because.code === 'invalid-event' ? placeOf(record) : event.eventId };
    try {
      const transaction = await this.store.begin();
      try {
        const id = await transaction.bury(letter);
        if (id !== null) await transaction.addToOutbox([rowOfEvent(deadLetterRecorded(this.identity.name, { ...letter, id }, uuidV7(now.getTime()), now))], this.waker.channelToNotify());
        faultPoint('before-commit');
        await transaction.commit();
        faultPoint('after-commit');
      } finally {
        await transaction.end();
      }
    } catch (error) {
      throw this.store.errorOf(error);
    }
    this.waker.wake();
  }
}

function placeOf({ topic, partition, offset }: DataRecord): string {
  return `${topic}/${partition}/${offset}`;
}

function setAside(record: DataRecord, attempt: number, because: object): SetAside {
  const { key, headers } = record;
  const [storedKey = '', eventId = '', type = ''] = [key ?? '', usableId(headers['ce_id']) ?? placeOf(record), headers['ce_type'] ?? ''].map(withoutNul);
  const { project, correlationId } = cascadeOfRecord(headers);
  return { record, key: storedKey, eventId, type, project, correlationId, attempt, because };
}
