import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock/clock.js';
import type { Database } from '../work/database.js';

/** Ids of handled events are kept at least this long behind the mark, for duplicates that a relay sent again. */
const keptHours = 72;
const writeAfterMs = 1_000;

/**
 * The inbox's high-water marks: every event of a partition below its mark is handled, parked or a dead letter. Between two writes of a
 * mark the ids in `inbox_ids` tell what was handled; ids are removed only when they are old and below the mark.
 */
export class InboxMarks {
  readonly #marks = new Map<string, bigint>();
  readonly #unwritten = new Map<string, { topic: string; partition: number; nextOffset: bigint }>();
  #timer: Timer | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /** Forget what is known: another process may have moved the marks. */
  forget(): void {
    this.#marks.clear();
  }

  /** The first offset that is not settled. */
  async of(topic: string, partition: number): Promise<bigint> {
    const place = `${topic}/${partition}`;
    const known = this.#marks.get(place);
    if (known !== undefined) return known;
    const [row] = await this.database.query<{ next_offset: number }>('select next_offset from inbox_positions where topic = $1 and partition = $2', [topic, partition]);
    const mark = BigInt(row?.next_offset ?? 0);
    this.#marks.set(place, mark);
    return mark;
  }

  /** Everything below is settled. Written within a second. */
  moved(topic: string, partition: number, nextOffset: bigint): void {
    const place = `${topic}/${partition}`;
    if (nextOffset <= (this.#marks.get(place) ?? 0n)) return;
    this.#marks.set(place, nextOffset);
    this.#unwritten.set(place, { topic, partition, nextOffset });
    this.#timer ??= this.clock.after(writeAfterMs, () => void this.write());
  }

  async write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const marks = [...this.#unwritten.values()];
    this.#unwritten.clear();
    if (marks.length === 0) return;
    try {
      await this.database.query(
        `insert into inbox_positions (topic, partition, next_offset) select * from unnest($1::text[], $2::int[], $3::bigint[])
         on conflict (topic, partition) do update set next_offset = greatest(inbox_positions.next_offset, excluded.next_offset)`,
        [marks.map(({ topic }) => topic), marks.map(({ partition }) => partition), marks.map(({ nextOffset }) => nextOffset)],
      );
    } catch (error) {
      // Nothing is lost: the ids stand in inbox_ids, and the next settled event writes a later mark.
      this.logger.debug({ err: error }, 'could not write the marks of the inbox');
    }
  }

  /** Removes ids that are no longer needed. */
  async prune(): Promise<void> {
    await this.database.query(
      `delete from inbox_ids ids using inbox_positions marks
       where marks.topic = ids.topic and marks.partition = ids.partition and ids."offset" < marks.next_offset and ids.handled_at < now() - $1 * interval '1 hour'`,
      [keptHours],
    );
  }
}
