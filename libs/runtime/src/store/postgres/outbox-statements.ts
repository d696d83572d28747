import { lockNumber } from '../../work/lock-number.js';
import { dataRecordType } from '../outbox-row.js';
import type { OutboxRow } from '../outbox-row.js';
import type { StoreConnection } from './store-connection.js';

/** Rows of data-plane records share this many locks per topic: one lock for each key would exhaust the lock table. */
const locksPerDataTopic = 16n;

/**
 * Writes rows at the end of a transaction, in one statement. The advisory locks on the keys come first and last until the commit: of two
 * transactions with the same key the second gets its positions after the first has committed, so position order is commit order per key.
 * @param notify channel that wakes a relay in another process; null when the relay is in this one
 */
export async function writeOutbox(connection: StoreConnection, schema: string, rows: readonly OutboxRow[], notify: string | null): Promise<void> {
  if (rows.length === 0) return;
  const locks = [...new Set(rows.map((row) => lockOf(schema, row)))];
  const columns = [
    locks.map(String),
    rows.map(({ id }) => id),
    rows.map(({ aggregatetype }) => aggregatetype),
    rows.map(({ aggregateid }) => aggregateid),
    rows.map(({ type }) => type),
    rows.map(({ payload }) => payload),
    rows.map(({ headers }) => JSON.stringify(headers)),
    rows.map(({ traceparent }) => traceparent),
  ];
  if (notify === null) await connection.prepared(`${locked} ${insert}`, columns);
  else await connection.prepared(`${locked}, written as (${insert} returning 1) select pg_notify($9, 'outbox') from (select count(*) from written) as n`, [...columns, notify]);
}

const locked = `with locked as materialized (select pg_advisory_xact_lock(lock) from (select unnest($1::bigint[]) as lock order by 1) as locks)`;

/** The condition holds back the first row, and with it the first position, until every lock is held. */
const insert = `insert into outbox (id, aggregatetype, aggregateid, type, payload, headers, traceparent)
  select id, aggregatetype, aggregateid, type, payload, headers, traceparent
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::json[], $7::json[], $8::text[])
    with ordinality as row (id, aggregatetype, aggregateid, type, payload, headers, traceparent, place)
  where (select count(*) from locked) > 0
  order by place`;

function lockOf(schema: string, { aggregatetype, aggregateid, type }: OutboxRow): bigint {
  const lock = lockNumber(schema, aggregatetype, aggregateid);
  if (type !== dataRecordType) return lock;
  return lockNumber(schema, aggregatetype, String(BigInt.asUintN(64, lock) % locksPerDataTopic));
}
