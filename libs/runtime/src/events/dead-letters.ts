import { checkReadEvent, MillraceError } from '@millrace/contracts';
import type { DeadLetter, DeadLetterDetail, OperationInput, OperationOutput } from '@millrace/contracts';
import type { ServiceIdentity } from '../service-identity.js';
import type { RequestCause } from '../work/cause.js';
import type { Tx } from '../work/tx.js';
import type { UnitOfWork } from '../work/unit-of-work.js';
import type { Workers } from '../workers/workers.js';
import { deadLetterEventType, reasonOf } from './dead-letter-event.js';
import { countLetters, letterDetail, lettersMatching, lockLetter, lockLetters, parkedMatching, toDeadLetter } from './dead-letter-rows.js';
import type { DeadLetterFilter, LetterRow } from './dead-letter-rows.js';
import { isEventType } from './event-of-record.js';

/** The worker that tries parked events again. */
const retryWorker = 'retry-parked';

/** What people do with events that a service gave up. A caller whose token is for one project sees and touches that project's alone. */
export class DeadLetters {
  constructor(
    private readonly work: UnitOfWork,
    private readonly identity: ServiceIdentity,
    private readonly workers: Workers,
  ) {}

  list({ before, limit = 50, ...filter }: OperationInput<'listDeadLetters'>, { callerProject }: RequestCause): Promise<OperationOutput<'listDeadLetters'>> {
    return this.work.read(async (tx) => {
      const found = await lettersMatching(tx, filter, callerProject, { before: before ?? null, limit: limit + 1 });
      const page = found.slice(0, limit);
      return { deadLetters: page.map((row) => toDeadLetter(this.identity.name, row)), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
    });
  }

  /** Throws `dead-letter-not-found`. */
  get(id: string, { callerProject }: RequestCause): Promise<DeadLetterDetail> {
    return this.work.read((tx) => letterDetail(tx, this.identity.name, id, callerProject));
  }

  listParked({ limit = 50, ...filter }: OperationInput<'listParkedEvents'>, { callerProject }: RequestCause): Promise<OperationOutput<'listParkedEvents'>> {
    return this.work.read(async (tx) => ({ parkedEvents: await parkedMatching(tx, this.identity.name, filter, callerProject, limit) }));
  }

  /**
   * Puts the event back into `parked`, at the end of its key, due now; from there it goes through the inbox as any event. One that a replay has
   * handled stays as it is. Throws `dead-letter-not-found`, `dead-letter-dropped`, and `invalid-event` for mended data that are not as the contract says.
   */
  replay({ id, reason, data }: OperationInput<'replayDeadLetter'>, cause: RequestCause): Promise<DeadLetter> {
    return this.work.run(cause, async (tx) => {
      const letter = await lockLetter(tx, id, cause.callerProject);
      if (letter.state === 'dropped') throw new MillraceError('dead-letter-dropped', `${letter.droppedBy ?? 'Somebody'} dropped ${id}: ${letter.dropReason ?? 'no reason was given'}`);
      if (data !== undefined && isEventType(letter.type)) checkReadEvent(letter.type, data);
      if (letter.state !== 'handled') await this.#replayAll(tx, [letter], reason ?? null, data);
      return toDeadLetter(this.identity.name, await lockLetter(tx, id, cause.callerProject));
    });
  }

  /** The same for every open letter that matches, in the order of their topics. */
  replayMatching({ reason, ...filter }: OperationInput<'replayDeadLetters'>, cause: RequestCause): Promise<OperationOutput<'replayDeadLetters'>> {
    return this.work.run(cause, async (tx) => {
      const { letters, remaining } = await openLetters(tx, filter, cause.callerProject);
      await this.#replayAll(tx, letters, reason ?? null, undefined);
      return { replayed: letters.length, remaining };
    });
  }

  /** Erases the event's content and takes it out of `parked`. Throws `dead-letter-not-found`. One that was handled or dropped stays as it is. */
  drop({ id, reason }: OperationInput<'dropDeadLetter'>, cause: RequestCause): Promise<DeadLetter> {
    return this.work.run(cause, async (tx) => {
      const letter = await lockLetter(tx, id, cause.callerProject);
      if (letter.state === 'open' || letter.state === 'replayed') await this.#dropAll(tx, [letter], reason);
      return toDeadLetter(this.identity.name, await lockLetter(tx, id, cause.callerProject));
    });
  }

  dropMatching({ reason, ...filter }: OperationInput<'dropDeadLetters'>, cause: RequestCause): Promise<OperationOutput<'dropDeadLetters'>> {
    return this.work.run(cause, async (tx) => {
      const { letters, remaining } = await openLetters(tx, filter, cause.callerProject);
      await this.#dropAll(tx, letters, reason);
      return { dropped: letters.length, remaining };
    });
  }

  async #replayAll(tx: Tx, letters: readonly LetterRow[], reason: string | null, data: unknown): Promise<void> {
    const ids = letters.map(({ id }) => id);
    const mended = data === undefined ? null : Buffer.from(JSON.stringify(data));
    await tx.query(handledElsewhereStatement, [ids]);
    const replayed = digestsOf(await tx.query(replayStatement, [ids, tx.cause.actor, mended, tx.cause.traceparent ?? null]));
    for (const letter of letters.filter(({ id }) => replayed.has(id))) {
      const event = { ...this.#about(letter), reason, mended: mended !== null, valueSha256: replayed.get(letter.id) ?? '' };
      tx.emit(deadLetterEventType(this.identity.name, 'replayed'), event, cascadeOf(letter));
    }
    tx.afterCommit(() => this.workers.wake(retryWorker));
  }

  async #dropAll(tx: Tx, letters: readonly LetterRow[], reason: string): Promise<void> {
    const dropped = digestsOf(await tx.query(dropStatement, [letters.map(({ id }) => id), tx.cause.actor, reason]));
    for (const letter of letters) {
      const event = { ...this.#about(letter), reason, because: reasonOf(letter.because), valueSha256: dropped.get(letter.id) ?? '' };
      tx.emit(deadLetterEventType(this.identity.name, 'dropped'), event, cascadeOf(letter));
    }
  }

  #about({ id, topic, partition, offset, key, eventId, type }: LetterRow) {
    return { deadLetter: id, service: this.identity.name, topic, partition, offset, key, eventId, type };
  }
}

/** The same event on another offset was handled: the inbox forgets that after some days, its letter does not. */
const handledElsewhereStatement = `update dead_letters set handled_at = now()
  where id = any($1::uuid[]) and exists (select 1 from dead_letters other where other.event_id = dead_letters.event_id and other.handled_at is not null)`;

/** How a record that is no event stands in the inbox. */
function place(row: string): string {
  return `${row}.topic || '/' || ${row}.partition || '/' || ${row}."offset"`;
}

/** Letters keep the original; what is tried is in `parked`, with the trace of the request that asked for it. */
const replayStatement = `with letter as (update dead_letters set replayed_at = now(), replayed_by = $2 where id = any($1::uuid[]) and handled_at is null returning *),
  again as (insert into parked (topic, partition, "offset", key, event_id, type, headers, payload, attempt, next_attempt_at, because, project, correlation_id, replay_traceparent)
    select topic, partition, "offset", key, event_id, type, headers, coalesce($3, payload), 0, now(), because, project, correlation_id, $4 from letter order by topic, partition, "offset"
    on conflict (topic, partition, "offset") do update set next_attempt_at = now(), payload = excluded.payload, replay_traceparent = excluded.replay_traceparent),
  unsettled as (delete from inbox_ids using letter where inbox_ids.event_id in (letter.event_id, ${place('letter')}) and inbox_ids.is_dead)
  select id, encode(sha256(coalesce($3, payload, '')), 'hex') as digest from letter`;

/** A replay that waits is undone, so its event is settled again. */
const dropStatement = `with old as (select id, event_id, because, topic, partition, "offset", encode(sha256(coalesce(payload, '')), 'hex') as digest from dead_letters where id = any($1::uuid[])),
  gone as (delete from parked where (topic, partition, "offset") in (select topic, partition, "offset" from old)),
  settled as (insert into inbox_ids (event_id, topic, partition, "offset", is_dead) select case when because->>'code' = 'invalid-event' then ${place('old')} else event_id end, topic, partition, "offset", true from old on conflict do nothing),
  letter as (update dead_letters set dropped_at = now(), dropped_by = $2, drop_reason = $3, payload = null, headers = '{}' where id = any($1::uuid[]))
  select id, digest from old`;

function digestsOf(rows: readonly unknown[]): Map<string, string> {
  return new Map((rows as { id: string; digest: string }[]).map(({ id, digest }) => [id, digest]));
}

type BulkFilter = Pick<DeadLetterFilter, 'type' | 'key' | 'code' | 'correlation'> & { all?: boolean; limit?: number };

/** Open letters that match, locked, and how many are left. A filter must be given, or `all`: nobody shall empty a table by an empty body. */
async function openLetters(tx: Tx, { all, limit = 1_000, ...filter }: BulkFilter, callerProject: string): Promise<{ letters: LetterRow[]; remaining: number }> {
  if (all !== true && Object.values(filter).every((value) => value === undefined)) {
    throw new MillraceError('invalid-request', 'Give a filter, or "all": true', { errors: [{ path: '/', message: 'give type, key, code or correlation, or "all": true' }] });
  }
  const open = { ...filter, state: 'open' as const };
  const letters = await lockLetters(tx, open, callerProject, limit);
  return { letters, remaining: (await countLetters(tx, open, callerProject)) - letters.length };
}

function cascadeOf({ correlation, eventId, project }: LetterRow): { correlationId?: string; causationId: string; project: string } {
  return { ...(correlation === null ? {} : { correlationId: correlation }), causationId: eventId, project: project ?? 'unknown' };
}
