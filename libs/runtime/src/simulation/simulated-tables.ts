import type { TopicPartition } from '../broker/broker.js';
import type { OutboxRow } from '../store/outbox-row.js';
import type { EventToPark, NewDeadLetter } from '../store/service-store.js';
import type { RowClass } from '../work/tx.js';

export interface StoredOutboxRow extends OutboxRow {
  position: number;
  isSent: boolean;
}

export interface StoredParked extends EventToPark {
  position: number;
  dueAtMs: number;
}

export interface StoredDeadLetter extends NewDeadLetter {
  isReplayed: boolean;
}

/** What is committed in the schema of one service. */
export class SimulatedTables {
  readonly outbox: StoredOutboxRow[] = [];
  /** Ids of events that are settled: handled, or dead letters. */
  readonly inbox = new Map<string, 'handled' | 'dead'>();
  readonly positions = new Map<string, bigint>();
  readonly marks = new Map<string, bigint>();
  readonly parked = new Map<number, StoredParked>();
  readonly deadLetters = new Map<string, StoredDeadLetter>();
  readonly rows = new Map<RowClass<object>, Map<string, object>>();
  #lastPosition = 0;

  /** Sequences count on, whatever becomes of the transaction. */
  nextPosition(): number {
    this.#lastPosition += 1;
    return this.#lastPosition;
  }

  rowsOf(row: RowClass<object>): Map<string, object> {
    const known = this.rows.get(row);
    if (known) return known;
    const rows = new Map<string, object>();
    this.rows.set(row, rows);
    return rows;
  }

  parkedAt(place: string): StoredParked | undefined {
    return [...this.parked.values()].find(({ record }) => recordPlace(record) === place);
  }

  /** Somebody has a dead letter tried again: at the end of its key, due now. */
  replay(place: string, nowMs: number): void {
    const letter = this.deadLetters.get(place);
    if (!letter || letter.isReplayed) return;
    letter.isReplayed = true;
    if (this.inbox.get(letter.settledAs) === 'dead') this.inbox.delete(letter.settledAs);
    const position = this.nextPosition();
    this.parked.set(position, { ...letter, attempt: 0, delayMs: 0, position, dueAtMs: nowMs });
  }

  /** The first of each key. */
  heads(): StoredParked[] {
    const heads = new Map<string, StoredParked>();
    for (const entry of [...this.parked.values()].sort((one, other) => one.position - other.position)) {
      const key = `${entry.record.topic} ${entry.key}`;
      if (!heads.has(key)) heads.set(key, entry);
    }
    return [...heads.values()];
  }
}

/** Topic, partition and offset as one text. */
export function recordPlace({ topic, partition, offset }: TopicPartition & { offset: bigint }): string {
  return `${topic}/${partition}/${offset}`;
}
