import { MillraceError } from '@millrace/contracts';
import type { DeadLetter, DeadLetterDetail, ParkedEvent, ServiceName } from '@millrace/contracts';
import type { ReadRows } from '../work/tx.js';
import { reasonOf } from './dead-letter-event.js';
import { waitsBehind } from './failure.js';
import { writtenValue } from './record-content.js';

/** What dead letters are looked for by; absent filters let everything through. */
export interface DeadLetterFilter {
  type?: string;
  key?: string;
  code?: string;
  eventId?: string;
  correlation?: string;
  state?: DeadLetter['state'] | 'any';
}

/** A row of `dead_letters` but for its payload. */
export interface LetterRow {
  id: string;
  topic: string;
  partition: number;
  offset: number;
  key: string;
  eventId: string;
  type: string;
  project: string | null;
  correlation: string | null;
  attempt: number;
  because: object;
  state: DeadLetter['state'];
  deadAt: Date;
  replayedAt: Date | null;
  replayedBy: string | null;
  handledAt: Date | null;
  droppedAt: Date | null;
  droppedBy: string | null;
  dropReason: string | null;
}

const state = `case when dropped_at is not null then 'dropped' when handled_at is not null then 'handled' when replayed_at is not null then 'replayed' else 'open' end`;
const columns = `id, topic, partition, "offset", key, event_id as "eventId", type, project, correlation_id as correlation, attempt, because, ${state} as state, dead_at as "deadAt", replayed_at as "replayedAt",
  replayed_by as "replayedBy", handled_at as "handledAt", dropped_at as "droppedAt", dropped_by as "droppedBy", drop_reason as "dropReason"`;
/** Parameters 1 to 7: type, key, code, event, cascade, state, project of the caller. */
const matches = `($1::text is null or type = $1) and ($2::text is null or key = $2) and ($3::text is null or because->>'code' = $3) and ($4::text is null or event_id = $4)
  and ($5::text is null or correlation_id = $5) and ($6::text is null or ${state} = $6) and ($7 = '*' or project = $7)`;

function parametersOf({ type, key, code, eventId, correlation, state: wanted }: DeadLetterFilter, callerProject: string): unknown[] {
  return [type ?? null, key ?? null, code ?? null, eventId ?? null, correlation ?? null, wanted === 'any' ? null : (wanted ?? null), callerProject];
}

/** Newest first. */
export function lettersMatching(rows: ReadRows, filter: DeadLetterFilter, callerProject: string, page: { before: string | null; limit: number }): Promise<LetterRow[]> {
  return rows.query(`select ${columns} from dead_letters where ${matches} and ($8::uuid is null or id < $8) order by id desc limit $9`, [...parametersOf(filter, callerProject), page.before, page.limit]);
}

/** Locked, in the order of their topics. */
export function lockLetters(rows: ReadRows, filter: DeadLetterFilter, callerProject: string, limit: number): Promise<LetterRow[]> {
  return rows.query(`select ${columns} from dead_letters where ${matches} order by topic, partition, "offset" limit $8 for update`, [...parametersOf(filter, callerProject), limit]);
}

export async function countLetters(rows: ReadRows, filter: DeadLetterFilter, callerProject: string): Promise<number> {
  const [row] = await rows.query<{ count: number }>(`select count(*) as count from dead_letters where ${matches}`, parametersOf(filter, callerProject));
  return row?.count ?? 0;
}

/** One letter, locked, and its entry in `parked` before it, as a retry locks them in that order. Throws `dead-letter-not-found`. */
export async function lockLetter(rows: ReadRows, id: string, callerProject: string): Promise<LetterRow> {
  await rows.query('select 1 from parked where (topic, partition, "offset") in (select topic, partition, "offset" from dead_letters where id = $1) for update', [id]);
  return one(await rows.query<LetterRow>(`select ${columns} from dead_letters where id = $1 and ($2 = '*' or project = $2) for update`, [id, callerProject]), id);
}

/** Throws `dead-letter-not-found`. */
export async function letterDetail(rows: ReadRows, service: ServiceName, id: string, callerProject: string): Promise<DeadLetterDetail> {
  const row = one(await rows.query<LetterRow & { payload: Buffer | null; headers: Record<string, string> }>(`select ${columns}, payload, headers from dead_letters where id = $1 and ($2 = '*' or project = $2)`, [id, callerProject]), id);
  return { letter: toDeadLetter(service, row), headers: row.headers, ...writtenValue(row.payload) };
}

export function toDeadLetter(service: ServiceName, { attempt, because, ...row }: LetterRow): DeadLetter {
  return {
    id: row.id, service, topic: row.topic, partition: row.partition, offset: row.offset, key: row.key, eventId: row.eventId, type: row.type,
    project: row.project ?? 'unknown', correlation: row.correlation, attempts: attempt, because: reasonOf(because), state: row.state,
    deadAt: row.deadAt.toISOString(), replayedAt: row.replayedAt?.toISOString() ?? null, replayedBy: row.replayedBy, handledAt: row.handledAt?.toISOString() ?? null,
    droppedAt: row.droppedAt?.toISOString() ?? null, droppedBy: row.droppedBy, dropReason: row.dropReason,
  };
}

interface ParkedRow {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  eventId: string;
  type: string;
  project: string | null;
  correlation: string | null;
  attempt: number;
  because: { code?: string };
  parkedAt: Date;
  nextAttemptAt: Date;
}

/** Events that wait for another try, in the order in which they came. */
export async function parkedMatching(rows: ReadRows, service: ServiceName, filter: Omit<DeadLetterFilter, 'state'>, callerProject: string, limit: number): Promise<ParkedEvent[]> {
  const { type, key, code, eventId, correlation } = filter;
  const found = await rows.query<ParkedRow>(
    `select topic, partition, "offset", key, event_id as "eventId", type, project, correlation_id as correlation, attempt, because, parked_at as "parkedAt", next_attempt_at as "nextAttemptAt" from parked
     where ($1::text is null or type = $1) and ($2::text is null or key = $2) and ($3::text is null or because->>'code' = $3) and ($4::text is null or event_id = $4)
       and ($5::text is null or correlation_id = $5) and ($6 = '*' or project = $6) order by position limit $7`,
    [type ?? null, key ?? null, code ?? null, eventId ?? null, correlation ?? null, callerProject, limit],
  );
  return found.map(({ attempt, because, parkedAt, nextAttemptAt, project, ...row }) => {
    const isBehind = because.code === waitsBehind.code;
    return { service, ...row, project: project ?? 'unknown', attempts: attempt, because: isBehind ? null : reasonOf(because), waitsBehind: isBehind, parkedAt: parkedAt.toISOString(), nextAttemptAt: nextAttemptAt.toISOString() };
  });
}

function one<R extends LetterRow>(rows: readonly R[], id: string): R {
  const [row] = rows;
  if (!row) throw new MillraceError('dead-letter-not-found', `There is no dead letter ${id}`);
  return row;
}
