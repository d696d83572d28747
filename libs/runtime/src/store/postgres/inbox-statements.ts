import { MillraceError } from '@millrace/contracts';
import type { TopicPartition } from '../../broker/broker.js';
import type { EventOrigin } from '../../events/event-origin.js';
import type { RequestCause } from '../../work/cause.js';
import type { AdmittedEvent, Position } from '../service-store.js';
import type { StoreConnection } from './store-connection.js';

/** Takes a handled event out of `parked`; if it was a dead letter that somebody replayed, that is now handled. */
export const settleParked = `with head as (delete from parked where position = $1 returning topic, partition, "offset"),
  letter as (update dead_letters set handled_at = now() from head
    where dead_letters.topic = head.topic and dead_letters.partition = head.partition and dead_letters."offset" = head."offset" and dead_letters.dropped_at is null)
  select count(*)::int as heads from head`;

export async function admitEvent(connection: StoreConnection, { id, time }: AdmittedEvent, origin: EventOrigin | undefined): Promise<boolean> {
  if (origin?.parkedPosition !== undefined) {
    const [settled] = (await connection.prepared(settleParked, [origin.parkedPosition])) as { heads: number }[];
    if (settled?.heads === 0) return false;
  }
  const [added] = (await connection.prepared(
    // That it came again is noted, for the pruning. A row that this statement has inserted was never updated.
    `insert into inbox_ids (event_id, topic, partition, "offset", event_at) values ($1, $2, $3, $4, $5)
     on conflict (event_id) do update set handled_at = now() returning xmax = 0 as "isNew"`,
    [id, origin?.topic ?? null, origin?.partition ?? null, origin?.offset ?? null, new Date(time)],
  )) as { isNew: boolean }[];
  return added?.isNew === true;
}

/** In the order of the ids: of two processes that have the same events in hand none waits for the other in a circle. */
export async function admitEvents(connection: StoreConnection, events: readonly { event: AdmittedEvent; origin: EventOrigin | undefined }[]): Promise<Set<string>> {
  const byId = [...new Map(events.map((one) => [one.event.id, one])).values()].sort((one, other) => (one.event.id < other.event.id ? -1 : 1));
  const rows = (await connection.prepared(
    `insert into inbox_ids (event_id, topic, partition, "offset", event_at) select * from unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::timestamptz[])
     on conflict (event_id) do update set handled_at = now() returning event_id as id, xmax = 0 as "isNew"`,
    [
      byId.map(({ event }) => event.id),
      byId.map(({ origin }) => origin?.topic ?? null),
      byId.map(({ origin }) => origin?.partition ?? null),
      byId.map(({ origin }) => origin?.offset ?? null),
      byId.map(({ event }) => new Date(event.time)),
    ],
  )) as { id: string; isNew: boolean }[];
  return new Set(rows.filter(({ isNew }) => isNew).map(({ id }) => id));
}

export async function lockPosition(connection: StoreConnection, { topic, partition }: TopicPartition): Promise<bigint | null> {
  await connection.prepared('insert into inbox_positions (topic, partition, next_offset) values ($1, $2, -1) on conflict do nothing', [topic, partition]);
  const [row] = (await connection.prepared('select next_offset from inbox_positions where topic = $1 and partition = $2 for update', [topic, partition])) as { next_offset: number }[];
  return row === undefined || row.next_offset < 0 ? null : BigInt(row.next_offset);
}

export async function movePosition(connection: StoreConnection, { topic, partition, nextOffset }: Position): Promise<void> {
  await connection.prepared('update inbox_positions set next_offset = $3 where topic = $1 and partition = $2', [topic, partition, nextOffset]);
}

export async function admitRequest(connection: StoreConnection, cause: RequestCause): Promise<{ answer: unknown } | undefined> {
  if (!cause.idempotent) return undefined;
  const key = [cause.actor, cause.operationId, cause.id];
  const [added] = (await connection.prepared(
    'insert into answers (actor, operation_id, key, body_sha256) values ($1, $2, $3, $4) on conflict do nothing returning key',
    [...key, cause.bodySha256],
  )) as unknown[];
  if (added !== undefined) return undefined;
  const [stored] = (await connection.prepared('select body_sha256, answer from answers where actor = $1 and operation_id = $2 and key = $3', key)) as { body_sha256: string; answer: unknown }[];
  if (stored?.body_sha256 !== cause.bodySha256) throw new MillraceError('idempotency-key-reused', `The key ${cause.id} came with another request before`);
  return { answer: stored.answer };
}

export async function storeAnswer(connection: StoreConnection, cause: RequestCause, answer: unknown): Promise<void> {
  if (!cause.idempotent) return;
  await connection.prepared('update answers set answer = $4 where actor = $1 and operation_id = $2 and key = $3', [
    cause.actor,
    cause.operationId,
    cause.id,
    answer === undefined ? null : JSON.stringify(answer),
  ]);
}
