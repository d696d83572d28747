import type pg from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Database } from '../../work/database.js';

/** Names of prepared statements, by their text: one per shape of statement, and shapes are few. */
const names = new Map<string, string>();

/** One connection of the pool: statements over the driver itself, prepared once per connection; what needs TypeORM over its runner. */
export class StoreConnection {
  private constructor(
    readonly runner: QueryRunner,
    private readonly client: pg.ClientBase,
  ) {}

  /** Takes a connection out of the pool. */
  static async take(database: Database): Promise<StoreConnection> {
    const runner = database.runner();
    try {
      return new StoreConnection(runner, (await runner.connect()) as pg.ClientBase);
    } catch (error) {
      await runner.release().catch(() => undefined);
      throw error;
    }
  }

  /** A statement that never differs but in its parameters: Postgres parses and plans it once per connection. */
  async prepared<T = unknown>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.client.query({ name: nameOf(text), text, values: [...values] })).rows as T[];
  }

  /** Any other statement. */
  async query<T = unknown>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.client.query(text, [...values])).rows as T[];
  }

  /** `begin`, `commit` and the like. @returns what Postgres says that it did: the commit of a transaction that has failed is a `ROLLBACK` */
  async control(text: string): Promise<string> {
    return (await this.client.query(text)).command;
  }

  /** @param mode as in `begin <mode>` */
  async begin(mode = ''): Promise<void> {
    await this.control(`begin ${mode}`);
    // TypeORM locks rows only in a transaction, and believes none but its own.
    (this.runner as { isTransactionActive: boolean }).isTransactionActive = true;
  }

  giveBack(): Promise<void> {
    return this.runner.release();
  }
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `millrace_${names.size + 1}`;
  names.set(text, name);
  return name;
}
