import type { InboxMarks } from '../events/inbox-marks.js';
import type { Database } from './database.js';

export const housekeepingIntervalMs = 600_000;
const sentKeptHours = 1;
const answersKeptHours = 72;
/** The audit log keeps for ever who did what about them. */
const settledLettersKeptDays = 30;
const rowsPerRun = 20_000;

/** Removes what was sent, answered or handled long ago. @returns true when there is more */
export async function keepHouse(database: Database, marks: InboxMarks): Promise<boolean> {
  await marks.prune();
  await database.query(`delete from answers where answered_at < now() - $1 * interval '1 hour'`, [answersKeptHours]);
  await database.query(`delete from dead_letters where coalesce(handled_at, dropped_at) < now() - $1 * interval '1 day'`, [settledLettersKeptDays]);
  const [sent] = await database.query<{ count: number }>(
    `with old as (select position from outbox where published_at < now() - $1 * interval '1 hour' limit $2),
          gone as (delete from outbox where position in (select position from old) returning 1)
     select count(*) as count from gone`,
    [sentKeptHours, rowsPerRun],
  );
  return sent?.count === rowsPerRun;
}
