import type { ServiceName } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { ServiceIdentity } from '../service-identity.js';
import type { Settings } from '../settings.js';
import { databaseAddressOf } from './database-address.js';
import { databaseError } from './database-errors.js';
import { DeadLetterStates0002 } from './dead-letter-states-0002.js';
import { lockNumber } from './lock-number.js';
import { InboxMarks0001 } from './inbox-marks-0001.js';
import { InboxOfDeadLetters0003 } from './inbox-of-dead-letters-0003.js';
import { InboxTimes0004 } from './inbox-times-0004.js';
import { ParkedByHash0005 } from './parked-by-hash-0005.js';
import { ServiceTables0000 } from './service-tables-0000.js';

export type EntityClass = new () => object;
export type MigrationClass = new () => MigrationInterface;

/** What a service declares of its database. */
export interface DatabaseDeclaration {
  rows: EntityClass[];
  migrations: MigrationClass[];
}

const patienceMs = 30_000;
const retryMs = 500;
/** The runtime's own migrations after the first have numbers beyond those of any service, so that neither moves the other's. */
const laterRuntimeMigrations = 5_000_000_000_000;

/** The service's own schema: a small pool, and migrations run at start under a lock. Injectable for checks; use cases go through `Tx`. */
export class Database {
  readonly dataSource: DataSource;
  readonly schema: string;
  /** Size of the pool. */
  readonly connections: number;
  readonly #connection: pg.ClientConfig;
  readonly #logger: Logger;

  constructor(identity: ServiceIdentity, settings: Settings<ServiceName>, declaration: DatabaseDeclaration, logger: Logger) {
    const { url, ssl } = databaseAddressOf(identity.name, settings);
    this.schema = identity.schema;
    this.connections = settings.databaseConnections;
    this.#logger = logger;
    this.#connection = {
      connectionString: url,
      ...(ssl ? { ssl } : {}),
      application_name: `millrace-${identity.name}`,
      options: `-c search_path=${this.schema},public`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    };
    this.dataSource = new DataSource({
      type: 'postgres',
      driver: pg,
      url,
      schema: this.schema,
      entities: declaration.rows,
      migrations: numberedMigrations(declaration.migrations),
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
      installExtensions: false,
      parseInt8: true,
      poolSize: settings.databaseConnections,
      poolErrorHandler: (error: Error) => logger.warn({ err: error }, 'a database connection was lost'),
      // A statement is sent while others wait for their answers; they are answered in this order.
      extra: { ...this.#connection, pipeline: true },
    });
  }

  /** Connects and brings the schema up to date; waits half a minute for Postgres. Throws `database-unavailable` when it does not answer, `database-access-refused` at once. */
  async start(): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        return await this.#start();
      } catch (thrown) {
        const error = databaseError(thrown);
        if (!(error instanceof MillraceError) || error.kind !== 'unavailable' || error.code === 'database-access-refused' || Date.now() > deadline) throw error;
        this.#logger.info('waits for the database');
        await delay(retryMs);
      }
    }
  }

  async #start(): Promise<void> {
    if (this.dataSource.isInitialized) return;
    await this.#createSchema();
    await this.dataSource.initialize();
    const runner = this.dataSource.createQueryRunner();
    const lock = lockNumber(this.schema, 'migrations');
    try {
      await runner.query('select pg_advisory_lock($1)', [lock]);
      await this.dataSource.runMigrations();
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [lock]);
      await runner.release();
    }
  }

  async stop(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  /** A connection of its own, outside the pool: for session locks and notifications. The caller ends it. */
  async connectAlone(): Promise<pg.Client> {
    const client = new pg.Client(this.#connection);
    client.on('error', (error) => this.#logger.warn({ err: error }, 'a database connection was lost'));
    await client.connect();
    return client;
  }

  runner(): QueryRunner {
    return this.dataSource.createQueryRunner();
  }

  /** One statement in a transaction of its own. */
  async query<T = unknown>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return (await this.dataSource.query(sql, parameters)) as T[];
  }

  async #createSchema(): Promise<void> {
    const client = await this.connectAlone();
    try {
      const { rowCount } = await client.query('select 1 from pg_namespace where nspname = $1', [this.schema]);
      if (!rowCount) await client.query(`create schema if not exists "${this.schema}"`);
    } finally {
      await client.end();
    }
  }
}

function numberedMigrations(own: readonly MigrationClass[]): MigrationClass[] {
  const later = [InboxMarks0001, DeadLetterStates0002, InboxOfDeadLetters0003, InboxTimes0004, ParkedByHash0005].map((migration, index) => numbered(migration, laterRuntimeMigrations + index + 1));
  return [...[ServiceTables0000, ...own].map((migration, index) => numbered(migration, index + 1)), ...later];
}

/** TypeORM orders migrations by 13 digits at the end of their names, and runs those whose names it does not know; ours are in the order of the list. */
function numbered(migration: MigrationClass, number: number): MigrationClass {
  return class extends migration {
    override readonly name = `${migration.name}${String(number).padStart(13, '0')}`;
  };
}
