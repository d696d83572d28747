import { checkReadEvent, MillraceError } from '@millrace/contracts';
import type { Database } from '../work/database.js';
import { databaseError } from '../work/database-errors.js';
import { isEventType } from './event-of-record.js';

/** A dead letter as people see it. */
export interface DeadLetter {
  id: string;
  topic: string;
  partition: number;
  offset: number;
  key: string;
  eventId: string;
  type: string;
  attempt: number;
  because: Record<string, unknown>;
  deadAt: Date;
  replayedAt: Date | null;
  replayedBy: string | null;
  /** The event's data as text; only when one letter is asked for. */
  payload?: string | null;
}

const listed = 200;
const columns = `id, topic, partition, "offset", key, event_id as "eventId", type, attempt, because, dead_at as "deadAt", replayed_at as "replayedAt", replayed_by as "replayedBy"`;

/** What people do with events that failed for good. */
export class DeadLetters {
  constructor(private readonly database: Database) {}

  list(): Promise<DeadLetter[]> {
    return this.#query(`select ${columns} from dead_letters order by dead_at desc limit $1`, [listed]);
  }

  listParked(): Promise<object[]> {
    return this.#query(
      `select topic, partition, "offset", key, event_id as "eventId", type, attempt, because, parked_at as "parkedAt", next_attempt_at as "nextAttemptAt" from parked order by position limit $1`,
      [listed],
    );
  }

  /** Throws `dead-letter-not-found`. */
  async get(id: string): Promise<DeadLetter> {
    const [letter] = await this.#query<DeadLetter & { payload: Buffer | null }>(`select ${columns}, payload from dead_letters where id = $1`, [id]);
    if (!letter) throw notFound(id);
    return { ...letter, payload: letter.payload?.toString() ?? null };
  }

  /**
   * Puts the event back into `parked`, at the end of its key, due now. Throws `dead-letter-not-found`, and `invalid-event` for mended
   * data that are not as the contract says.
   * @param data the event's data, mended; undefined leaves them
   */
  async replay(id: string, actor: string, data?: unknown): Promise<DeadLetter> {
    const { type } = await this.get(id);
    if (data !== undefined && isEventType(type)) checkReadEvent(type, data);
    const replayed = await this.#query(
      `with letter as (update dead_letters set replayed_at = now(), replayed_by = $2, payload = coalesce($3, payload) where id = $1 returning *)
       insert into parked (topic, partition, "offset", key, event_id, type, headers, payload, attempt, next_attempt_at, because)
       select topic, partition, "offset", key, event_id, type, headers, payload, 0, now(), because from letter
       on conflict (topic, partition, "offset") do update set next_attempt_at = now(), payload = excluded.payload returning position`,
      [id, actor, data === undefined ? null : Buffer.from(JSON.stringify(data))],
    );
    if (replayed.length === 0) throw notFound(id);
    return this.get(id);
  }

  async drop(id: string): Promise<void> {
    const [dropped] = await this.#query('with dropped as (delete from dead_letters where id = $1 returning id) select id from dropped', [id]);
    if (!dropped) throw notFound(id);
  }

  async #query<T = unknown>(sql: string, parameters: unknown[]): Promise<T[]> {
    try {
      return await this.database.query<T>(sql, parameters);
    } catch (error) {
      throw databaseError(error);
    }
  }
}

function notFound(id: string): MillraceError {
  return new MillraceError('dead-letter-not-found', `There is no dead letter ${id}`);
}
