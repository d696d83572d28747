import type { ErrorCode, EventData, EventType } from '@millrace/contracts';
import type { FindManyOptions, FindOptionsWhere } from 'typeorm';
import type { Cause } from './cause.js';

/** A row class: a TypeORM entity. */
export type RowClass<R extends object> = new () => R;

/** What `emit` copies from the cause unless told otherwise. */
export interface EmitOptions {
  pipelineVersion?: number;
  causationId?: string;
  correlationId?: string;
  project?: string;
}

/** A data-plane record written through the outbox. Null is a tombstone. */
export interface OutgoingRecord {
  key: string;
  value: object | null;
  headers?: Record<string, string>;
}

/** A service's own rows, for reading. */
export interface ReadRows {
  find<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null>;
  findMany<R extends object>(row: RowClass<R>, options?: FindManyOptions<R>): Promise<R[]>;
  count<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<number>;
  /** SQL for what rows cannot say (unnest, aggregates). Parameters are `$1`, `$2`. */
  query<T = unknown>(sql: string, parameters?: unknown[]): Promise<T[]>;
}

/** A service's own rows, inside a transaction. A change need not have reached the database when its promise resolves: what it fails with is thrown by whatever asks next, at the latest by the commit. */
export interface Rows extends ReadRows {
  /** As `find`, and locks the row until the commit (`FOR UPDATE`). */
  lockOrNull<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null>;
  /** Locks every row that matches, in the order of `options.order`. */
  lockMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R>): Promise<R[]>;
  /** Inserts or overwrites by primary key. */
  save<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void>;
  /** Inserts; an existing primary key is a `stale-version` conflict. */
  insert<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void>;
  remove<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<void>;
  /** Waits for and holds a name until the commit, for rules over rows that do not exist yet. */
  lockKey(key: string): Promise<void>;
}

/** Reading inside one transaction. */
export interface ReadTx extends ReadRows {
  /** The transaction's one clock reading. */
  readonly now: Date;
  /** As `find`; throws `notFound` (default `row-not-found`) when there is none. */
  get<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, notFound?: ErrorCode): Promise<R>;
}

/** The only way to the database and to Kafka for a use case: everything through one `Tx` is committed together or not at all. */
export interface Tx extends ReadTx, Rows {
  readonly cause: Cause;
  /** A new UUID of version 7. */
  newId(): string;
  /** As `get`, and locks the row until the commit (`FOR UPDATE`). */
  lock<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, notFound?: ErrorCode): Promise<R>;
  /**
   * Adds an event to the outbox; it is sent when the transaction has committed, in order per key. Project, actor, correlation,
   * causation (the cause's id), pipeline version and trace are those of the cause. Key and subject are the data's `x-key` field.
   * Throws `invalid-event` when the data is not as the contract says. Returns the event's id.
   */
  emit<T extends EventType>(type: T, data: EventData[T], options?: EmitOptions): string;
  /** Adds data-plane records for one topic (without the topic prefix) to the same outbox. */
  emitRecords(topic: string, records: readonly OutgoingRecord[]): void;
  /** Runs once the commit has succeeded, in this process: to wake a worker, never to change state. */
  afterCommit(action: () => void): void;
}
