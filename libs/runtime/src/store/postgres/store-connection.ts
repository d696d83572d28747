import { MillraceError } from '@millrace/contracts';
import type pg from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Database } from '../../work/database.js';

/** Names of prepared statements, by their text: one per shape of statement, and shapes are few. */
const names = new Map<string, string>();

/**
 * One connection of the pool: statements over the driver itself, prepared once per connection; what needs TypeORM over its runner. Statements are answered in the order in which they were sent,
 * so a failure of one that nobody waits for is known when the next answer is there.
 */
export class StoreConnection {
  /** Of the last statement that nobody waits for. */
  #unawaited: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | undefined;
  #isCorked = false;

  private constructor(
    readonly runner: QueryRunner,
    private readonly client: pg.Client,
  ) {}

  /** Takes a connection out of the pool. */
  static async take(database: Database): Promise<StoreConnection> {
    const runner = database.runner();
    try {
      return new StoreConnection(runner, (await runner.connect()) as pg.Client);
    } catch (error) {
      await runner.release().catch(() => undefined);
      throw error;
    }
  }

  /** A statement that never differs but in its parameters: Postgres parses and plans it once per connection. */
  async prepared<T = unknown>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.#answer({ name: nameOf(text), text, values: [...values] })).rows as T[];
  }

  /** Any other statement. */
  async query<T = unknown>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.#answer({ text, values: [...values] })).rows as T[];
  }

  /** As `prepared`, for a change whose result nobody needs: it is under way when this returns. If it fails, whatever is awaited next throws its error, the commit at the latest. */
  send(text: string, values: readonly unknown[]): void {
    this.#cork();
    const sent = this.client.query({ name: nameOf(text), text, values: [...values] });
    this.#unawaited = sent.then(() => undefined, (error: unknown) => void (this.#failure ??= { error }));
  }

  /** @param mode as in `begin <mode>` */
  async begin(mode = ''): Promise<void> {
    await this.#answer(`begin ${mode}`);
    // TypeORM locks rows only in a transaction, and believes none but its own.
    (this.runner as { isTransactionActive: boolean }).isTransactionActive = true;
  }

  /** Postgres answers the commit of a transaction in which something has failed with `ROLLBACK`: then nothing is committed, and this throws. */
  async commit(): Promise<void> {
    const { command } = await this.#answer('commit');
    if (command !== 'COMMIT') throw new MillraceError('internal-error', 'A statement of the transaction had failed, nothing of it is committed');
  }

  async rollback(): Promise<void> {
    await this.client.query('rollback').catch(() => undefined);
  }

  giveBack(): Promise<void> {
    return this.runner.release();
  }

  /** Throws what failed of the statements that nobody waited for. */
  async settled(): Promise<void> {
    await this.#unawaited;
    if (this.#failure) throw this.#failure.error;
  }

  async #answer(statement: string | pg.QueryConfig): Promise<pg.QueryResult> {
    this.#cork();
    const answer = await this.client.query(statement).catch((error: unknown) => void (this.#failure ??= { error }));
    await this.settled();
    return answer as pg.QueryResult;
  }

  /** What is sent before anything else can happen goes to the socket as one. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { stream } = this.client.connection;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `millrace_${names.size + 1}`;
  names.set(text, name);
  return name;
}
