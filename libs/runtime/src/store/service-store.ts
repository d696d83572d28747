import type { TopicPartition } from '../broker/broker.js';
import type { DataRecord } from '../broker/data-record.js';
import type { EventOrigin } from '../events/event-origin.js';
import type { RequestCause } from '../work/cause.js';
import type { ReadRows, Rows } from '../work/tx.js';
import type { OutboxRow, UnsentRow } from './outbox-row.js';

/**
 * What the chassis keeps for a service: inbox, outbox, positions, parked events, dead letters, and the service's own rows beside them in one
 * transaction. Postgres in production; a simulated one shows what the chassis' logic does with it under faults. Single calls are a
 * transaction of their own. Errors are as `errorOf` gives them.
 */
export interface ServiceStore {
  /** Transactions that may be open at the same time. */
  readonly connections: number;
  begin(): Promise<StoreTransaction>;
  /** Rows as of one moment. */
  read<R>(work: (rows: ReadRows) => Promise<R>): Promise<R>;
  /** The error with its kind: lost connection → `database-unavailable`, lost race → `stale-version`. Others pass. */
  errorOf(error: unknown): unknown;
  /** True for a transaction that was ended for the sake of another: it did nothing and may be run again. */
  isLostRace(error: unknown): boolean;

  /** The first offset of a partition that no batch has handled; null before the first batch. */
  positionOf(place: TopicPartition): Promise<bigint | null>;
  /** The first offset of a partition whose event is not settled; null when nothing is known. Apart from positions: a service may read one topic both ways. */
  markOf(place: TopicPartition): Promise<bigint | null>;
  /** Moves marks forward, never back. */
  raiseMarks(marks: readonly Position[]): Promise<void>;
  /**
   * Forgets ids of events that came last so many hours ago and stand below their partition's mark, once an event of the same partition has come that
   * was made later: a relay that sends in order has marked what it sent before, so those ids do not come again.
   */
  pruneInbox(keptHours: number): Promise<void>;

  /** Rows of the outbox that are not marked as sent, in order of position. */
  unsent(limit: number): Promise<UnsentRow[]>;
  markSent(positions: readonly number[]): Promise<void>;

  /** Which of these keys have an event parked. */
  waitingKeys(topic: string, keys: readonly string[]): Promise<Set<string>>;
  /** Parks an event at the end of its key. One that is parked already stays as it is. */
  park(event: EventToPark): Promise<void>;
  /** The first event of each key that is due, longest due first. */
  dueHeads(limit: number): Promise<ParkedEvent[]>;
  /** Milliseconds until the first head is due; null when nothing is parked. */
  nextDueMs(): Promise<number | null>;
  postpone(position: number, attempt: number, delayMs: number, because: object): Promise<void>;
  removeParked(position: number): Promise<void>;
}

/** All of it is committed together or not at all. */
export interface StoreTransaction {
  readonly rows: Rows;
  /** Notes that an event is handled by this transaction; with an origin in `parked` its entry goes. False: it was handled before, nothing must happen. */
  admitEvent(event: AdmittedEvent, origin: EventOrigin | undefined): Promise<boolean>;
  /** The same for several events that come from Kafka. @returns the ids of those that were not handled before */
  admitEvents(events: readonly { event: AdmittedEvent; origin: EventOrigin | undefined }[]): Promise<Set<string>>;
  /** The stored answer of an earlier request with the same actor, operation and Idempotency-Key; undefined: this one is the first, and is now noted. */
  admitRequest(cause: RequestCause): Promise<{ answer: unknown } | undefined>;
  storeAnswer(cause: RequestCause, answer: unknown): Promise<void>;
  /** The first offset of a partition that is not handled yet, locked until the end; null before the first batch. */
  lockPosition(place: TopicPartition): Promise<bigint | null>;
  movePosition(position: Position): Promise<void>;
  /**
   * Makes an event a dead letter and takes it out of `parked`. Gives the letter's id: that of an earlier letter for the same record, if there is one;
   * null when nothing is to be done: the event was handled, is a dead letter already, or somebody dropped its letter.
   */
  bury(letter: NewDeadLetter): Promise<string | null>;
  /**
   * Adds rows to the outbox, at the end of the transaction. Of two transactions with a row of the same key the second gets its positions
   * after the first has ended, so the order of positions is the order of commits per key.
   * @param channel to notify when it is committed; null when the relay is in this process
   */
  addToOutbox(rows: readonly OutboxRow[], channel: string | null): Promise<void>;
  commit(): Promise<void>;
  /** Undoes what was not committed and gives the connection back. Call it always, last. */
  end(): Promise<void>;
}

export interface AdmittedEvent {
  id: string;
  /** When it was made, RFC 3339. */
  time: string;
}

export interface Position extends TopicPartition {
  nextOffset: bigint;
}

/** A record that could not be handled now, with what the tables show of it. */
export interface SetAside {
  record: DataRecord;
  key: string;
  eventId: string;
  type: string;
  /** `unknown` for a record that names none. */
  project: string;
  correlationId: string | null;
  /** Tries so far; 0 for one that waits behind another. */
  attempt: number;
  because: object;
}

export interface EventToPark extends SetAside {
  delayMs: number;
}

export interface NewDeadLetter extends SetAside {
  id: string;
  /** What stands for it in the inbox: the event's id, or the record's place when it could not be read as an event. */
  settledAs: string;
}

/** An event in `parked`. */
export interface ParkedEvent {
  position: number;
  attempt: number;
  record: DataRecord;
  /** Trace of the request that had a dead letter tried again. */
  replayTraceparent?: string;
}
