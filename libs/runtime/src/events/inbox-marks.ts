import type { Logger } from 'pino';
import type { Clock, Timer } from '../clock/clock.js';
import type { Position, ServiceStore } from '../store/service-store.js';

/** Ids of handled events are kept at least this long behind the mark, for duplicates that a relay sent again. */
const keptHours = 72;
const writeAfterMs = 1_000;

/**
 * The inbox's high-water marks: every event of a partition below its mark is handled, parked or a dead letter. Between two writes of a
 * mark the ids in `inbox_ids` tell what was handled; ids are removed only when they are old and below the mark.
 */
export class InboxMarks {
  readonly #marks = new Map<string, bigint>();
  readonly #unwritten = new Map<string, Position>();
  #timer: Timer | undefined;

  constructor(
    private readonly store: ServiceStore,
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
    const mark = (await this.store.markOf({ topic, partition })) ?? 0n;
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
      await this.store.raiseMarks(marks);
    } catch (error) {
      // Nothing is lost: the ids stand in inbox_ids, and the next settled event writes a later mark.
      this.logger.debug({ err: error }, 'could not write the marks of the inbox');
    }
  }

  /** Removes ids that are no longer needed. */
  prune(): Promise<void> {
    return this.store.pruneInbox(keptHours);
  }
}
