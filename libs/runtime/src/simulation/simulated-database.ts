import type { ServiceName } from '@millrace/contracts';
import type { SimulatedProcess } from './simulated-process.js';
import { SimulatedServer } from './simulated-server.js';
import type { ServerFaults } from './simulated-server.js';
import type { SimulatedTables } from './simulated-tables.js';
import { Locks } from './locks.js';
import type { Holder } from './locks.js';
import type { World } from './world.js';

/** An open transaction as the server has it. */
export interface ServerTransaction extends Holder {
  readonly process: SimulatedProcess;
  readonly schema: ServiceName;
  state: 'open' | 'committed' | 'aborted';
  /** Done at the commit, in order. */
  readonly writes: ((tables: SimulatedTables) => void)[];
  /** Who is told at the commit. */
  readonly notices: string[];
}

/** A connection that holds a service's lead. */
export interface LeaderConnection {
  isOpen: boolean;
  readonly process: SimulatedProcess;
  lost(): void;
  notified(payload: string): void;
}

/** A dead client is noticed after this long. */
const noticedMs: [number, number] = [1, 2_000];

/** Postgres: a schema per service, transactions that read what is committed, locks that are held to the end. */
export class SimulatedDatabase extends SimulatedServer {
  readonly locks = new Locks();
  readonly #open = new Set<ServerTransaction>();
  readonly #leaders = new Map<ServiceName, LeaderConnection>();
  readonly #listening = new Map<ServiceName, LeaderConnection>();
  #lastId = 0;

  constructor(
    world: World,
    faults: ServerFaults,
    readonly tables: ReadonlyMap<ServiceName, SimulatedTables>,
  ) {
    super(world, 'postgres', faults);
  }

  tablesOf(schema: ServiceName): SimulatedTables {
    const tables = this.tables.get(schema);
    if (!tables) throw new Error(`There is no schema ${schema}`);
    return tables;
  }

  open(process: SimulatedProcess, schema: ServiceName): ServerTransaction {
    const transaction: ServerTransaction = { id: (this.#lastId += 1), process, schema, state: 'open', writes: [], notices: [] };
    this.#open.add(transaction);
    return transaction;
  }

  commit(transaction: ServerTransaction): void {
    transaction.state = 'committed';
    for (const write of transaction.writes) write(this.tablesOf(transaction.schema));
    this.world.note(() => `${transaction.process.name} commits transaction ${transaction.id}`);
    this.#close(transaction);
    for (const payload of transaction.notices) this.notify(transaction.schema, payload);
  }

  abort(transaction: ServerTransaction): void {
    if (transaction.state !== 'open') return;
    transaction.state = 'aborted';
    this.#close(transaction);
  }

  #close(transaction: ServerTransaction): void {
    this.#open.delete(transaction);
    this.locks.releaseAll(transaction);
  }

  /** The client of a transaction is gone: it ends when the server notices, unless its commit still arrives before. */
  abandon(transaction: ServerTransaction): void {
    this.world.after(this.#noticed(), () => this.abort(transaction));
  }

  /** All that a process had open ends when the server notices that it is gone. */
  clientGone(process: SimulatedProcess): void {
    for (const transaction of this.#open) if (transaction.process === process) this.abandon(transaction);
    for (const [schema, leader] of this.#leaders) if (leader.process === process) this.abandonLead(schema, leader);
  }

  /** The client of a lead is gone: it ends when the server notices. */
  abandonLead(schema: ServiceName, connection: LeaderConnection): void {
    this.world.after(this.#noticed(), () => this.endLead(schema, connection));
  }

  tryLead(schema: ServiceName, connection: LeaderConnection): boolean {
    if (!connection.isOpen) return false;
    // What a process sent before it was killed may arrive after it.
    if (!connection.process.isAlive) this.abandonLead(schema, connection);
    const leader = this.#leaders.get(schema) ?? connection;
    this.#leaders.set(schema, leader);
    if (leader === connection) this.#listening.set(schema, connection);
    return leader === connection;
  }

  endLead(schema: ServiceName, connection: LeaderConnection): void {
    connection.isOpen = false;
    if (this.#leaders.get(schema) === connection) this.#leaders.delete(schema);
    if (this.#listening.get(schema) === connection) this.#listening.delete(schema);
  }

  /** The connections of every leader are cut. */
  cutLeaders(): void {
    for (const [schema, leader] of this.#leaders) {
      this.world.note(() => `the connection of ${leader.process.name}, which leads, is cut`);
      this.endLead(schema, leader);
      leader.process.deliver(this.#noticed(), () => leader.lost());
    }
  }

  notify(schema: ServiceName, payload: string): void {
    const listener = this.#listening.get(schema);
    if (!listener || this.world.fails(0.1)) return;
    listener.process.deliver(this.world.random.next() * 5, () => listener.notified(payload));
  }

  /** Ends every transaction and lead, and answers nothing for so long. */
  restart(durationMs: number): void {
    this.world.note(() => `postgres is away for ${durationMs} ms`);
    this.isUp = false;
    for (const transaction of [...this.#open]) this.abort(transaction);
    this.cutLeaders();
    this.world.after(durationMs, () => (this.isUp = true));
  }

  #noticed(): number {
    const [fromMs, toMs] = noticedMs;
    return fromMs + this.world.random.next() * (toMs - fromMs);
  }
}
