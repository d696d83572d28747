import { MillraceError } from '@millrace/contracts';
import type { TopicPartition } from '../../broker/broker.js';
import type { EventOrigin } from '../../events/event-origin.js';
import type { RequestCause } from '../../work/cause.js';
import type { Rows } from '../../work/tx.js';
import type { OutboxRow } from '../outbox-row.js';
import type { AdmittedEvent, NewDeadLetter, Position, StoreTransaction } from '../service-store.js';
import { admitEvent, admitEvents, admitRequest, lockPosition, movePosition, storeAnswer } from './inbox-statements.js';
import { writeOutbox } from './outbox-statements.js';
import { PostgresRows } from './postgres-rows.js';
import { columnNames, columnsOf } from './set-aside-columns.js';
import type { StoreConnection } from './store-connection.js';

/** A transaction on one connection of the pool. */
export class PostgresTransaction implements StoreTransaction {
  readonly rows: Rows;
  #isCommitted = false;

  constructor(
    private readonly connection: StoreConnection,
    private readonly schema: string,
  ) {
    this.rows = new PostgresRows(connection, schema);
  }

  admitEvent(event: AdmittedEvent, origin: EventOrigin | undefined): Promise<boolean> {
    return admitEvent(this.connection, event, origin);
  }

  admitEvents(events: readonly { event: AdmittedEvent; origin: EventOrigin | undefined }[]): Promise<Set<string>> {
    return admitEvents(this.connection, events);
  }

  admitRequest(cause: RequestCause): Promise<{ answer: unknown } | undefined> {
    return admitRequest(this.connection, cause);
  }

  storeAnswer(cause: RequestCause, answer: unknown): Promise<void> {
    return storeAnswer(this.connection, cause, answer);
  }

  lockPosition(place: TopicPartition): Promise<bigint | null> {
    return lockPosition(this.connection, place);
  }

  movePosition(position: Position): Promise<void> {
    return movePosition(this.connection, position);
  }

  async bury(letter: NewDeadLetter): Promise<string | null> {
    const { topic, partition, offset } = letter.record;
    await this.connection.prepared('delete from parked where topic = $1 and partition = $2 and "offset" = $3', [topic, partition, offset]);
    const settled = (await this.connection.prepared(
      'insert into inbox_ids (event_id, topic, partition, "offset", is_dead) values ($1, $2, $3, $4, true) on conflict do nothing returning event_id',
      [letter.settledAs, topic, partition, offset],
    )) as unknown[];
    if (settled.length === 0) return null;
    const [added] = (await this.connection.prepared(
      `insert into dead_letters (${columnNames}, id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       on conflict (topic, partition, "offset") do update set attempt = excluded.attempt, because = excluded.because, dead_at = now(), replayed_at = null, replayed_by = null
       where dead_letters.dropped_at is null returning id`,
      [...columnsOf(letter), letter.id],
    )) as { id: string }[];
    return added?.id ?? null;
  }

  addToOutbox(rows: readonly OutboxRow[], channel: string | null): Promise<void> {
    return writeOutbox(this.connection, this.schema, rows, channel);
  }

  async commit(): Promise<void> {
    await this.connection.commit();
    this.#isCommitted = true;
  }

  async end(): Promise<void> {
    if (!this.#isCommitted) await this.connection.rollback();
    await this.connection.giveBack().catch((error: unknown) => {
      throw new MillraceError('database-unavailable', 'The connection could not be given back', { cause: error });
    });
  }
}
