import { checkWrittenEvent, eventCatalogue, MillraceError } from '@millrace/contracts';
import type { ErrorCode, Event, EventData, EventType, ServiceName } from '@millrace/contracts';
import type { FindManyOptions, FindOptionsWhere } from 'typeorm';
import { bytesOfParts, largestBatchBytes } from '../kafka/first-within.js';
import { dataRecordType, rowOfEvent } from '../store/outbox-row.js';
import type { OutboxRow } from '../store/outbox-row.js';
import { uuidV7 } from '../uuid.js';
import { causationOf } from './cause.js';
import type { Cause } from './cause.js';
import { StoreReadTx } from './store-read-tx.js';
import type { EmitOptions, OutgoingRecord, RowClass, Rows, Tx } from './tx.js';

/** `Tx` over the rows of one transaction; what is emitted is collected and written by the unit of work before the commit. */
export class UnitTx extends StoreReadTx implements Tx {
  readonly outbox: OutboxRow[] = [];
  readonly committed: (() => void)[] = [];

  constructor(
    private readonly rows: Rows,
    readonly cause: Cause,
    now: Date,
    private readonly service: ServiceName,
  ) {
    super(rows, now);
  }

  newId(): string {
    return uuidV7(this.now.getTime());
  }

  async lock<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, notFound: ErrorCode = 'row-not-found'): Promise<R> {
    return (await this.lockOrNull(row, where)) ?? this.refuse(row, where, notFound);
  }

  lockOrNull<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    return this.rows.lockOrNull(row, where);
  }

  lockMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R>): Promise<R[]> {
    return this.rows.lockMany(row, options);
  }

  save<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    return this.rows.save(row, value);
  }

  insert<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    return this.rows.insert(row, value);
  }

  remove<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<void> {
    return this.rows.remove(row, where);
  }

  lockKey(key: string): Promise<void> {
    return this.rows.lockKey(key);
  }

  emit<T extends EventType>(type: T, data: EventData[T], options: EmitOptions = {}): string {
    checkWrittenEvent(type, data);
    const { topic, key, producer } = eventCatalogue[type];
    if (producer !== this.service) throw new MillraceError('invalid-event', `${this.service} cannot write to ${topic}, it belongs to ${producer}`);
    const id = this.newId();
    const pipelineVersion = options.pipelineVersion ?? this.cause.pipelineVersion;
    const event: Event<EventType> = {
      id,
      type,
      source: `/millrace/${this.service}`,
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
}
