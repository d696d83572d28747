import type { TopicPartition } from '../../broker/broker.js';
import type { DataRecord } from '../../broker/data-record.js';
import type { Database } from '../../work/database.js';
import { databaseError, isLostRace } from '../../work/database-errors.js';
import type { ReadRows } from '../../work/tx.js';
import type { UnsentRow } from '../outbox-row.js';
import type { EventToPark, ParkedEvent, Position, ServiceStore, StoreTransaction } from '../service-store.js';
import { settleParked } from './inbox-statements.js';
import { PostgresTransaction } from './postgres-transaction.js';
import { PostgresRows } from './postgres-rows.js';
import { columnNames, columnsOf, jsonOf } from './set-aside-columns.js';
import { StoreConnection } from './store-connection.js';

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
  replay_traceparent: string | null;
}

/** The head of a key is its entry with the lowest position. Keys are found by their hashes: they may be longer than what an index holds. */
const isHead =
  'position = (select min(first.position) from parked first where first.topic = parked.topic and hashtextextended(first.key, 0) = hashtextextended(parked.key, 0) and first.key = parked.key)';

/** The store in the service's own schema of Postgres. */
export class PostgresStore implements ServiceStore {
  readonly connections: number;

  constructor(private readonly database: Database) {
    this.connections = database.connections;
  }

  async begin(): Promise<StoreTransaction> {
    const connection = await StoreConnection.take(this.database);
    try {
      await connection.begin();
      return new PostgresTransaction(connection, this.database.schema);
    } catch (error) {
      await connection.giveBack().catch(() => undefined);
      throw error;
    }
  }

  async read<R>(work: (rows: ReadRows) => Promise<R>): Promise<R> {
    const connection = await StoreConnection.take(this.database);
    try {
      await connection.begin('isolation level repeatable read read only');
      const result = await work(new PostgresRows(connection, this.database.schema));
      await connection.commit();
      return result;
    } catch (error) {
      await connection.rollback();
      throw error;
    } finally {
      await connection.giveBack();
    }
  }

  errorOf(error: unknown): unknown {
    return databaseError(error);
  }

  isLostRace(error: unknown): boolean {
    return isLostRace(error);
  }

  async positionOf({ topic, partition }: TopicPartition): Promise<bigint | null> {
    const [row] = await this.#query<{ next_offset: number }>('select next_offset from inbox_positions where topic = $1 and partition = $2', [topic, partition]);
    return row === undefined || row.next_offset < 0 ? null : BigInt(row.next_offset);
  }

  async markOf({ topic, partition }: TopicPartition): Promise<bigint | null> {
    const [row] = await this.#query<{ next_offset: number }>('select next_offset from inbox_marks where topic = $1 and partition = $2', [topic, partition]);
    return row === undefined ? null : BigInt(row.next_offset);
  }

  async raiseMarks(marks: readonly Position[]): Promise<void> {
    await this.#query(
      `insert into inbox_marks (topic, partition, next_offset) select * from unnest($1::text[], $2::int[], $3::bigint[])
       on conflict (topic, partition) do update set next_offset = greatest(inbox_marks.next_offset, excluded.next_offset)`,
      [marks.map(({ topic }) => topic), marks.map(({ partition }) => partition), marks.map(({ nextOffset }) => nextOffset)],
    );
  }

  async pruneInbox(keptHours: number): Promise<void> {
    await this.#query(
      `with newest as (select topic, partition, least(max(event_at), now()) - interval '1 hour' as at from inbox_ids group by topic, partition)
       delete from inbox_ids ids using inbox_marks marks, newest
       where marks.topic = ids.topic and marks.partition = ids.partition and ids."offset" < marks.next_offset and ids.handled_at < now() - $1 * interval '1 hour'
         and newest.topic = ids.topic and newest.partition = ids.partition and ids.handled_at < newest.at`,
      [keptHours],
    );
  }

  unsent(limit: number): Promise<UnsentRow[]> {
    return this.#query<UnsentRow>(
      `select position, aggregatetype, aggregateid, type, payload::text as payload, headers, traceparent
       from outbox where published_at is null order by position limit $1`,
      [limit],
    );
  }

  async markSent(positions: readonly number[]): Promise<void> {
    await this.#query('update outbox set published_at = clock_timestamp() where position = any($1::bigint[])', [positions]);
  }

  async waitingKeys(topic: string, keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.#query<{ key: string }>('select distinct key from parked where topic = $1 and hashtextextended(key, 0) = any(select hashtextextended(one, 0) from unnest($2::text[]) as one) and key = any($2)', [topic, keys]);
    return new Set(rows.map(({ key }) => key));
  }

  async park(event: EventToPark): Promise<void> {
    await this.#query(
      `insert into parked (${columnNames}, next_attempt_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now() + $13 * interval '1 millisecond') on conflict (topic, partition, "offset") do nothing`,
      [...columnsOf(event), event.delayMs],
    );
  }

  async dueHeads(limit: number): Promise<ParkedEvent[]> {
    const rows = await this.#query<ParkedRow>(
      `select position, topic, partition, "offset", key, headers, payload, attempt, parked_at, replay_traceparent from parked
       where next_attempt_at <= now() and ${isHead} order by next_attempt_at limit $1`,
      [limit],
    );
    return rows.map(({ position, attempt, replay_traceparent: trace, ...row }) => ({ position, attempt, record: recordOf(row), ...(trace === null ? {} : { replayTraceparent: trace }) }));
  }

  async nextDueMs(): Promise<number | null> {
    const [row] = await this.#query<{ due_ms: number | null }>(`select (extract(epoch from min(next_attempt_at) - now()) * 1000)::float8 as due_ms from parked where ${isHead}`);
    return row?.due_ms ?? null;
  }

  async postpone(position: number, attempt: number, delayMs: number, because: object): Promise<void> {
    await this.#query(`update parked set attempt = $2, next_attempt_at = now() + $3 * interval '1 millisecond', because = $4 where position = $1`, [position, attempt, delayMs, jsonOf(because)]);
  }

  async removeParked(position: number): Promise<void> {
    await this.#query(settleParked, [position]);
  }

  async #query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    try {
      return await this.database.query<T>(sql, parameters);
    } catch (error) {
      throw databaseError(error);
    }
  }
}

function recordOf({ topic, partition, offset, key, headers, payload, parked_at }: Omit<ParkedRow, 'position' | 'attempt' | 'replay_traceparent'>): DataRecord {
  return { topic, partition, offset: BigInt(offset), key, headers, value: payload, timestampMs: parked_at.getTime() };
}
