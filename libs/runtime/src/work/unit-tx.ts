import { checkWrittenEvent, eventCatalogue, MillraceError } from '@millrace/contracts';
import type { ErrorCode, Event, EventData, EventType, ServiceName } from '@millrace/contracts';
import type { FindManyOptions, FindOptionsWhere, QueryRunner } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { bytesOfParts, largestBatchBytes } from '../kafka/first-within.js';
import { uuidV7 } from '../uuid.js';
import { causationOf } from './cause.js';
import type { Cause } from './cause.js';
import { lockNumber } from './lock-number.js';
import { dataRecordType, rowOfEvent } from './outbox.js';
import type { OutboxRow } from './outbox.js';
import { RunnerReadTx } from './runner-read-tx.js';
import type { EmitOptions, OutgoingRecord, RowClass, Tx } from './tx.js';

/** Postgres takes 65,535 parameters in one statement. */
const parametersPerStatement = 30_000;

/** `Tx` over one TypeORM query runner; what is emitted is collected and written by the unit of work before the commit. */
export class UnitTx extends RunnerReadTx implements Tx {
  readonly outbox: OutboxRow[] = [];
  readonly committed: (() => void)[] = [];
  readonly #service: ServiceName;
  readonly #schema: string;

  constructor(
    runner: QueryRunner,
    readonly cause: Cause,
    now: Date,
    owner: { service: ServiceName; schema: string },
  ) {
    super(runner, now);
    this.#service = owner.service;
    this.#schema = owner.schema;
  }

  newId(): string {
    return uuidV7(this.now.getTime());
  }

  async lock<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, notFound: ErrorCode = 'row-not-found'): Promise<R> {
    return (await this.lockOrNull(row, where)) ?? this.refuse(row, where, notFound);
  }

  lockOrNull<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    return this.runner.manager.findOne(row, { where, lock: { mode: 'pessimistic_write' } });
  }

  lockMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R>): Promise<R[]> {
    return this.runner.manager.find(row, { ...options, lock: { mode: 'pessimistic_write' } });
  }

  async save<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    const keys = this.runner.manager.connection.getMetadata(row).primaryColumns.map(({ propertyName }) => propertyName);
    for (const part of this.#parts(row, value)) await this.runner.manager.upsert(row, part, keys);
  }

  async insert<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    for (const part of this.#parts(row, value)) await this.runner.manager.insert(row, part);
  }

  async remove<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<void> {
    await this.runner.manager.delete(row, where);
  }

  async lockKey(key: string): Promise<void> {
    await this.runner.query('select pg_advisory_xact_lock($1)', [lockNumber(this.#schema, 'key', key)]);
  }

  emit<T extends EventType>(type: T, data: EventData[T], options: EmitOptions = {}): string {
    checkWrittenEvent(type, data);
    const { topic, key, producer } = eventCatalogue[type];
    if (producer !== this.#service) throw new MillraceError('invalid-event', `${this.#service} cannot write to ${topic}, it belongs to ${producer}`);
    const id = this.newId();
    const pipelineVersion = options.pipelineVersion ?? this.cause.pipelineVersion;
    const event: Event<EventType> = {
      id,
      type,
      source: `/millrace/${this.#service}`,
      time: this.now.toISOString(),
      subject: String((data as unknown as Record<string, unknown>)[key]),
      project: options.project ?? this.cause.project,
      actor: this.cause.actor,
      correlationId: options.correlationId ?? this.cause.correlationId,
      causationId: options.causationId ?? causationOf(this.cause),
      ...(pipelineVersion === undefined ? {} : { pipelineVersion }),
      ...(this.cause.traceparent === undefined ? {} : { traceparent: this.cause.traceparent }),
      data,
    };
    this.#add(rowOfEvent(event));
    return id;
  }

  emitRecords(topic: string, records: readonly OutgoingRecord[]): void {
    for (const { key, value, headers = {} } of records) {
      const payload = value === null ? null : JSON.stringify(value);
      this.#add({ id: this.newId(), aggregatetype: topic, aggregateid: key, type: dataRecordType, payload, headers, traceparent: null });
    }
  }

  afterCommit(action: () => void): void {
    this.committed.push(action);
  }

  /** What the broker would refuse must not get into the outbox: it would stand before everything else for ever. */
  #add(row: OutboxRow): void {
    const sizeBytes = bytesOfParts(row.payload, row.aggregateid);
    if (sizeBytes > largestBatchBytes) throw new MillraceError('payload-too-large', `A record for ${row.aggregatetype} has ${sizeBytes} bytes, at most ${largestBatchBytes} fit`);
    this.outbox.push(row);
  }

  #parts<R extends object>(row: RowClass<R>, value: R | R[]): QueryDeepPartialEntity<R>[][] {
    const values = (Array.isArray(value) ? value : [value]) as QueryDeepPartialEntity<R>[];
    const size = Math.floor(parametersPerStatement / Math.max(1, this.runner.manager.connection.getMetadata(row).columns.length));
    return Array.from({ length: Math.ceil(values.length / size) }, (_, part) => values.slice(part * size, (part + 1) * size));
  }
}
