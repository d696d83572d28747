import type { Event, EventType } from '@millrace/contracts';
import type { QueryRunner } from 'typeorm';
import { originOf } from '../events/event-origin.js';
import type { RequestCause } from './cause.js';
import { MillraceError } from '@millrace/contracts';

/** Notes that an event is handled by this transaction. False: it was handled before, nothing must happen. */
export async function admitEvent(runner: QueryRunner, event: Event<EventType>): Promise<boolean> {
  const origin = originOf(event);
  if (origin?.parkedPosition !== undefined) {
    const head = (await runner.query('delete from parked where position = $1 returning position', [origin.parkedPosition])) as [unknown[], number];
    if (head[1] === 0) return false;
  }
  const [added] = (await runner.query(
    'insert into inbox_ids (event_id, topic, partition, "offset") values ($1, $2, $3, $4) on conflict do nothing returning event_id',
    [event.id, origin?.topic ?? null, origin?.partition ?? null, origin?.offset ?? null],
  )) as unknown[];
  return added !== undefined;
}

/** The first offset of a partition that is not handled yet, locked until the commit; null before the first batch. */
export async function lockPosition(runner: QueryRunner, topic: string, partition: number): Promise<bigint | null> {
  await runner.query('insert into inbox_positions (topic, partition, next_offset) values ($1, $2, -1) on conflict do nothing', [topic, partition]);
  const [row] = (await runner.query('select next_offset from inbox_positions where topic = $1 and partition = $2 for update', [topic, partition])) as { next_offset: number }[];
  return row === undefined || row.next_offset < 0 ? null : BigInt(row.next_offset);
}

export async function movePosition(runner: QueryRunner, topic: string, partition: number, nextOffset: bigint): Promise<void> {
  await runner.query('update inbox_positions set next_offset = $3 where topic = $1 and partition = $2', [topic, partition, nextOffset]);
}

/** The stored answer of an earlier request with the same actor, operation and Idempotency-Key; undefined: this one is the first, and is now noted. */
export async function admitRequest(runner: QueryRunner, cause: RequestCause): Promise<{ answer: unknown } | undefined> {
  if (!cause.idempotent) return undefined;
  const key = [cause.actor, cause.operationId, cause.id];
  const [added] = (await runner.query(
    'insert into answers (actor, operation_id, key, body_sha256) values ($1, $2, $3, $4) on conflict do nothing returning key',
    [...key, cause.bodySha256],
  )) as unknown[];
  if (added !== undefined) return undefined;
  const [stored] = (await runner.query('select body_sha256, answer from answers where actor = $1 and operation_id = $2 and key = $3', key)) as { body_sha256: string; answer: unknown }[];
  if (stored?.body_sha256 !== cause.bodySha256) throw new MillraceError('idempotency-key-reused', `The key ${cause.id} came with another request before`);
  return { answer: stored.answer };
}

export async function storeAnswer(runner: QueryRunner, cause: RequestCause, answer: unknown): Promise<void> {
  if (!cause.idempotent) return;
  await runner.query('update answers set answer = $4 where actor = $1 and operation_id = $2 and key = $3', [
    cause.actor,
    cause.operationId,
    cause.id,
    answer === undefined ? null : JSON.stringify(answer),
  ]);
}
