import type { DataRecord } from '../broker/data-record.js';
import type { ServiceIdentity } from '../service-identity.js';
import { uuidV7 } from '../uuid.js';
import type { Database } from '../work/database.js';
import { databaseError } from '../work/database-errors.js';
import { dataRecordType, writeOutbox } from '../work/outbox.js';
import type { OutboxWaker } from '../work/outbox-waker.js';
import type { Failure } from './failure.js';
import { waitsBehind } from './failure.js';

/** A dead letter's payload beyond this stays in the table only, so that the record on the topic can be sent. */
const largestPayloadBytes = 300_000;

/** An event in the table `parked`. */
export interface ParkedEvent {
  position: number;
  /** Tries so far; 0 for one that waits behind another. */
  attempt: number;
  record: DataRecord;
}

interface ParkedRow {
  position: number;
  topic: string;
  partition: number;
  offset: number;
  key: string;
  headers: Record<string, string>;
  payload: Buffer | null;
  attempt: number;
  parked_at: Date;
}

/** The tables `parked` and `dead_letters`: events that could not be handled when they came. */
export class ParkedEvents {
  constructor(
    private readonly database: Database,
    private readonly identity: ServiceIdentity,
    private readonly waker: OutboxWaker,
  ) {}

  /** Which of these keys have an event waiting: later events of theirs must wait behind it. */
  async waitingKeys(topic: string, keys: string[]): Promise<Set<string>> {
    const rows = await this.#query<{ key: string }>('select distinct key from parked where topic = $1 and key = any($2)', [topic, keys.map(withoutNul)]);
    return new Set(rows.map(({ key }) => key));
  }

  /** Sets an event aside until a later try. Parking it twice is one entry. */
  async park(record: DataRecord, attempt: number, delayMs: number, because: Failure | typeof waitsBehind): Promise<void> {
    await this.#query(
      `insert into parked (topic, partition, "offset", key, event_id, type, headers, payload, attempt, next_attempt_at, because)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10 * interval '1 millisecond', $11) on conflict (topic, partition, "offset") do nothing`,
      [...columnsOf(record), attempt, delayMs, JSON.stringify(because)],
    );
  }

  async parkBehind(record: DataRecord): Promise<void> {
    await this.park(record, 0, 0, waitsBehind);
  }

  /** The first event of each key that is due, longest due first. */
  async dueHeads(limit: number): Promise<ParkedEvent[]> {
    const rows = await this.#query<ParkedRow>(
      `select position, topic, partition, "offset", key, headers, payload, attempt, parked_at from parked
       where next_attempt_at <= now() and position = (select min(first.position) from parked first where first.topic = parked.topic and first.key = parked.key)
       order by next_attempt_at limit $1`,
      [limit],
    );
    return rows.map(({ position, attempt, ...row }) => ({ position, attempt, record: recordOf(row) }));
  }

  /** Milliseconds until the first head is due; null when nothing is parked. */
  async nextDueMs(): Promise<number | null> {
    const [row] = await this.#query<{ due_ms: number | null }>(
      `select (extract(epoch from min(next_attempt_at) - now()) * 1000)::float8 as due_ms from parked
       where position = (select min(first.position) from parked first where first.topic = parked.topic and first.key = parked.key)`,
    );
    return row?.due_ms ?? null;
  }

  async postpone(position: number, attempt: number, delayMs: number, because: Failure): Promise<void> {
    await this.#query(`update parked set attempt = $2, next_attempt_at = now() + $3 * interval '1 millisecond', because = $4 where position = $1`, [position, attempt, delayMs, JSON.stringify(because)]);
  }

  async remove(position: number): Promise<void> {
    await this.#query('delete from parked where position = $1', [position]);
  }

  /** Makes an event a dead letter: in the table, on the topic `millrace.<service>.dead-letter`, and out of `parked`. */
  async bury(record: DataRecord, attempt: number, because: Failure): Promise<void> {
    const id = uuidV7(Date.now());
    const runner = this.database.runner();
    try {
      await runner.startTransaction();
      await runner.query('delete from parked where topic = $1 and partition = $2 and "offset" = $3', [record.topic, record.partition, record.offset]);
      const added = (await runner.query(
        `insert into dead_letters (topic, partition, "offset", key, event_id, type, headers, payload, attempt, because, id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (topic, partition, "offset") do update set attempt = excluded.attempt, because = excluded.because, dead_at = now(), replayed_at = null returning id`,
        [...columnsOf(record), attempt, JSON.stringify(because), id],
      )) as { id: string }[];
      await writeOutbox(runner, this.database.schema, [deadLetterRow(this.identity, added[0]?.id ?? id, record, attempt, because)], this.waker.channelToNotify());
      await runner.commitTransaction();
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw databaseError(error);
    } finally {
      await runner.release();
    }
    this.waker.wake();
  }

  async #query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    try {
      return await this.database.query<T>(sql, parameters);
    } catch (error) {
      throw databaseError(error);
    }
  }
}

function columnsOf({ topic, partition, offset, key, headers, value }: DataRecord): unknown[] {
  const texts = [key ?? '', headers['ce_id'] ?? `${topic}/${partition}/${offset}`, headers['ce_type'] ?? ''];
  return [topic, partition, offset, ...texts.map(withoutNul), JSON.stringify(headers), value];
}

/** Postgres text takes every character but this one. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}

function recordOf({ topic, partition, offset, key, headers, payload, parked_at }: Omit<ParkedRow, 'position' | 'attempt'>): DataRecord {
  return { topic, partition, offset: BigInt(offset), key, headers, value: payload, timestampMs: parked_at.getTime() };
}

function deadLetterRow(identity: ServiceIdentity, id: string, record: DataRecord, attempt: number, because: Failure): Parameters<typeof writeOutbox>[2][number] {
  const { topic, partition, offset, key, headers, value } = record;
  return {
    id: uuidV7(Date.now()),
    aggregatetype: `millrace.${identity.name}.dead-letter`,
    aggregateid: withoutNul(key ?? ''),
    type: dataRecordType,
    payload: JSON.stringify({ id, service: identity.name, topic, partition, offset: Number(offset), key, attempt, because, headers, payload: value === null || value.length > largestPayloadBytes ? null : value.toString() }),
    headers: {},
    traceparent: withoutNul(headers['traceparent'] ?? '') || null,
  };
}
