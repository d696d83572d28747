import type { TopicPartition } from '../broker/broker.js';
import type { EventOrigin } from '../events/event-origin.js';
import type { OutboxRow } from '../store/outbox-row.js';
import type { AdmittedEvent, NewDeadLetter, Position, StoreTransaction } from '../store/service-store.js';
import type { RequestCause } from '../work/cause.js';
import type { Rows } from '../work/tx.js';
import { placeOf } from './simulated-cluster.js';
import type { ServerTransaction, SimulatedDatabase } from './simulated-database.js';
import type { SimulatedProcess } from './simulated-process.js';
import { SimulatedRows } from './simulated-rows.js';
import { ConnectionLost } from './simulated-server.js';
import { recordPlace } from './simulated-tables.js';
import type { SimulatedTables } from './simulated-tables.js';

/** The transaction was ended for the sake of another. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

/** Wrong on purpose, for tests that show that it is found. */
export interface StoreFlaws {
  /** A dead letter says nothing to the inbox. This is how the chassis was until a simulation found it (seed 19). */
  buriesPastInbox?: boolean;
  /** Rows of one key get positions in another order than that of their commits. */
  writesOutboxUnlocked?: boolean;
  /** Every parked event is tried, not only the first of its key. */
  triesOutOfTurn?: boolean;
}

/** How often a statement loses against another transaction. */
const lostRaces = 0.002;

/** A client's side of a transaction of the simulated database. */
export class SimulatedTransaction implements StoreTransaction {
  readonly rows: Rows;
  #isBroken = false;

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly process: SimulatedProcess,
    private readonly server: ServerTransaction,
    private readonly flaws: StoreFlaws,
    private readonly giveBack: () => void,
  ) {
    this.rows = new SimulatedRows(server, (what, locks, work) => this.statement(what, locks, work));
  }

  async admitEvent({ id: eventId }: AdmittedEvent, origin: EventOrigin | undefined): Promise<boolean> {
    const parkedPosition = origin?.parkedPosition;
    if (parkedPosition !== undefined) {
      const isThere = await this.statement('the removal of a parked event', [`parked ${parkedPosition}`], (tables) => {
        this.server.writes.push(({ parked }) => void parked.delete(parkedPosition));
        return tables.parked.has(parkedPosition);
      });
      if (!isThere) return false;
    }
    return (await this.#note([eventId])).has(eventId);
  }

  admitEvents(events: readonly { event: AdmittedEvent }[]): Promise<Set<string>> {
    return this.#note([...new Set(events.map(({ event }) => event.id))].sort());
  }

  #note(ids: readonly string[]): Promise<Set<string>> {
    return this.statement(`the note of ${ids.length} events`, ids.map((id) => `inbox ${id}`), (tables) => {
      const fresh = ids.filter((id) => !tables.inbox.has(id));
      for (const id of fresh) this.server.writes.push(({ inbox }) => void inbox.set(id, 'handled'));
      return new Set(fresh);
    });
  }

  admitRequest(_cause: RequestCause): Promise<{ answer: unknown } | undefined> {
    return Promise.resolve(undefined);
  }

  storeAnswer(_cause: RequestCause, _answer: unknown): Promise<void> {
    return Promise.resolve();
  }

  lockPosition(place: TopicPartition): Promise<bigint | null> {
    return this.statement('a position', [`position ${placeOf(place)}`], (tables) => tables.positions.get(placeOf(place)) ?? null);
  }

  movePosition(position: Position): Promise<void> {
    return this.statement('a move of a position', [], () => void this.server.writes.push(({ positions }) => void positions.set(placeOf(position), position.nextOffset)));
  }

  bury(letter: NewDeadLetter): Promise<string | null> {
    const place = recordPlace(letter.record);
    const locks = [`parked at ${place}`, ...(this.flaws.buriesPastInbox ? [] : [`inbox ${letter.settledAs}`]), `dead ${place}`];
    return this.statement('a burial', locks, (tables) => {
      const entry = tables.parkedAt(place);
      if (entry) this.server.writes.push(({ parked }) => void parked.delete(entry.position));
      if (!this.flaws.buriesPastInbox && tables.inbox.has(letter.settledAs)) return null;
      const id = tables.deadLetters.get(place)?.id ?? letter.id;
      this.server.writes.push(({ inbox, deadLetters }) => {
        if (!this.flaws.buriesPastInbox) inbox.set(letter.settledAs, 'dead');
        deadLetters.set(place, { ...letter, id, isReplayed: false });
      });
      return id;
    });
  }

  addToOutbox(rows: readonly OutboxRow[], channel: string | null): Promise<void> {
    const locks = this.flaws.writesOutboxUnlocked ? [] : [...new Set(rows.map(({ aggregatetype, aggregateid }) => `outbox ${aggregatetype} ${aggregateid}`))].sort();
    return this.statement('new rows of the outbox', locks, (tables) => {
      const stored = rows.map((row) => ({ ...row, position: tables.nextPosition(), isSent: false }));
      this.server.writes.push(({ outbox }) => void outbox.push(...stored));
      if (channel !== null) this.server.notices.push('outbox');
    });
  }

  commit(): Promise<void> {
    return this.statement('a commit', [], () => this.database.commit(this.server));
  }

  async end(): Promise<void> {
    this.giveBack();
    if (this.server.state === 'committed') return;
    if (this.#isBroken) return this.database.abandon(this.server);
    await this.database.ask<void>(this.process, 'a rollback', ({ resolve }) => resolve(this.database.abort(this.server))).catch(() => this.database.abandon(this.server));
  }

  /** One statement, when its locks are held, one after the other. */
  async statement<R>(what: string, locks: readonly string[], work: (tables: SimulatedTables) => R): Promise<R> {
    const { database, server } = this;
    try {
      return await database.ask<R>(this.process, what, ({ resolve, reject }) => {
        const fail = (error: Error): void => {
          database.abort(server);
          reject(error);
        };
        const over = (): void => reject(new ConnectionLost('The transaction is over'));
        const goOn = (left: readonly string[]): void => {
          if (server.state !== 'open') return over();
          const [lock, ...rest] = left;
          try {
            if (lock === undefined) resolve(work(database.tablesOf(server.schema)));
            else database.locks.acquire(server, `${server.schema} ${lock}`, () => goOn(rest), over);
          } catch (error) {
            fail(error as Error);
          }
        };
        if (database.world.fails(lostRaces)) fail(new LostRace('Another transaction was first'));
        else goOn(locks);
      });
    } catch (error) {
      if (error instanceof ConnectionLost) this.#isBroken = true;
      throw error;
    }
  }
}
