import { MillraceError } from '@millrace/contracts';
import type { ServiceName } from '@millrace/contracts';
import type { TopicPartition } from '../broker/broker.js';
import type { UnsentRow } from '../store/outbox-row.js';
import type { EventToPark, ParkedEvent, Position, ServiceStore, StoreTransaction } from '../store/service-store.js';
import { Turnstile } from '../work/turnstile.js';
import type { ReadRows } from '../work/tx.js';
import { Deadlock } from './locks.js';
import { placeOf } from './simulated-cluster.js';
import type { SimulatedDatabase } from './simulated-database.js';
import type { SimulatedProcess } from './simulated-process.js';
import { ConnectionLost } from './simulated-server.js';
import { recordPlace } from './simulated-tables.js';
import type { SimulatedTables } from './simulated-tables.js';
import { LostRace, SimulatedTransaction } from './simulated-transaction.js';
import type { StoreFlaws } from './simulated-transaction.js';

const connections = 4;

/** A process's pool of connections to the simulated database. */
export class SimulatedStore implements ServiceStore {
  readonly connections = connections;
  readonly #pool = new Turnstile(connections);

  constructor(
    private readonly database: SimulatedDatabase,
    private readonly process: SimulatedProcess,
    private readonly schema: ServiceName,
    private readonly flaws: StoreFlaws = {},
  ) {}

  async begin(): Promise<StoreTransaction> {
    let giveBack: () => void = () => undefined;
    await new Promise<void>((taken) => {
      void this.#pool.run(() => {
        taken();
        return new Promise<void>((resolve) => (giveBack = resolve));
      });
    });
    try {
      const server = await this.#ask('a transaction', () => this.database.open(this.process, this.schema));
      return new SimulatedTransaction(this.database, this.process, server, this.flaws, giveBack);
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  async read<R>(work: (rows: ReadRows) => Promise<R>): Promise<R> {
    const transaction = await this.begin();
    try {
      return await work(transaction.rows);
    } finally {
      await transaction.end();
    }
  }

  errorOf(error: unknown): unknown {
    if (error instanceof ConnectionLost) return new MillraceError('database-unavailable', 'The database does not answer', { cause: error });
    if (this.isLostRace(error)) return new MillraceError('stale-version', 'Another transaction changed the same rows', { cause: error });
    return error;
  }

  isLostRace(error: unknown): boolean {
    return error instanceof LostRace || error instanceof Deadlock;
  }

  positionOf(place: TopicPartition): Promise<bigint | null> {
    return this.#one('a position', ({ positions }) => positions.get(placeOf(place)) ?? null);
  }

  markOf(place: TopicPartition): Promise<bigint | null> {
    return this.#one('a mark', ({ marks }) => marks.get(placeOf(place)) ?? null);
  }

  raiseMarks(raised: readonly Position[]): Promise<void> {
    return this.#one('marks', ({ marks }) => {
      for (const mark of raised) if (mark.nextOffset > (marks.get(placeOf(mark)) ?? 0n)) marks.set(placeOf(mark), mark.nextOffset);
    });
  }

  /** Nothing grows old in a schedule. */
  pruneInbox(): Promise<void> {
    return Promise.resolve();
  }

  unsent(limit: number): Promise<UnsentRow[]> {
    return this.#one('the outbox', ({ outbox }) => outbox.filter(({ isSent }) => !isSent).sort((one, other) => one.position - other.position).slice(0, limit));
  }

  markSent(positions: readonly number[]): Promise<void> {
    return this.#one('marks of the outbox', ({ outbox }) => outbox.forEach((row) => (row.isSent ||= positions.includes(row.position))));
  }

  waitingKeys(topic: string, keys: readonly string[]): Promise<Set<string>> {
    return this.#one('keys that wait', ({ parked }) => new Set([...parked.values()].filter(({ record, key }) => record.topic === topic && keys.includes(key)).map(({ key }) => key)));
  }

  park(event: EventToPark): Promise<void> {
    const place = recordPlace(event.record);
    return this.#one('a parked event', (tables) => {
      if (tables.parkedAt(place)) return;
      const position = tables.nextPosition();
      tables.parked.set(position, { ...event, position, dueAtMs: this.database.world.nowMs + event.delayMs });
    });
  }

  dueHeads(limit: number): Promise<ParkedEvent[]> {
    const { world } = this.database;
    return this.#one('due events', (tables) => {
      const due = (this.flaws.triesOutOfTurn ? [...tables.parked.values()] : tables.heads()).filter(({ dueAtMs }) => dueAtMs <= world.nowMs);
      return due.sort((one, other) => one.dueAtMs - other.dueAtMs).slice(0, limit).map(({ position, attempt, record }) => ({ position, attempt, record }));
    });
  }

  nextDueMs(): Promise<number | null> {
    const { world } = this.database;
    return this.#one('the next due event', (tables) => tables.heads().reduce<number | null>((next, { dueAtMs }) => Math.min(next ?? Infinity, dueAtMs - world.nowMs), null));
  }

  postpone(position: number, attempt: number, delayMs: number, because: object): Promise<void> {
    return this.#one('a postponed event', ({ parked }) => {
      const entry = parked.get(position);
      if (entry) parked.set(position, { ...entry, attempt, because, dueAtMs: this.database.world.nowMs + delayMs });
    });
  }

  removeParked(position: number): Promise<void> {
    return this.#one('a parked event that goes', ({ parked }) => void parked.delete(position));
  }

  /** A statement that is a transaction of its own. */
  async #one<R>(what: string, work: (tables: SimulatedTables) => R): Promise<R> {
    try {
      return await this.#pool.run(() => this.#ask(what, () => work(this.database.tablesOf(this.schema))));
    } catch (error) {
      throw this.errorOf(error);
    }
  }

  #ask<R>(what: string, work: () => R): Promise<R> {
    return this.database.ask<R>(this.process, what, ({ resolve }) => resolve(work()));
  }
}
