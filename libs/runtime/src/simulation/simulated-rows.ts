import { MillraceError } from '@millrace/contracts';
import type { FindManyOptions, FindOptionsWhere } from 'typeorm';
import type { RowClass, Rows } from '../work/tx.js';
import type { ServerTransaction } from './simulated-database.js';
import type { SimulatedTables } from './simulated-tables.js';

type Statement = <R>(what: string, locks: readonly string[], work: (tables: SimulatedTables) => R) => Promise<R>;

/** Rows whose primary key is `id`; conditions are equalities; a transaction sees what is committed and what it wrote itself. No SQL. */
export class SimulatedRows implements Rows {
  readonly #own = new Map<RowClass<object>, Map<string, object | null>>();

  constructor(
    private readonly server: ServerTransaction,
    private readonly statement: Statement,
  ) {}

  async find<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    return (await this.findMany(row, { where }))[0] ?? null;
  }

  findMany<R extends object>(row: RowClass<R>, { where = {} }: FindManyOptions<R> = {}): Promise<R[]> {
    return this.statement(`rows of ${row.name}`, [], (tables) => this.#matching(tables, row, where as Partial<R>));
  }

  async count<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<number> {
    return (await this.findMany(row, { where })).length;
  }

  async lockOrNull<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    return (await this.lockMany(row, { where }))[0] ?? null;
  }

  async lockMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R>): Promise<R[]> {
    const seen = await this.findMany(row, options);
    const locks = seen.map((one) => lockOf(row, one));
    return this.statement(`locked rows of ${row.name}`, locks, (tables) => this.#matching(tables, row, (options.where ?? {}) as Partial<R>));
  }

  save<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    const values = [value].flat() as R[];
    return this.statement(`changes of ${row.name}`, values.map((one) => lockOf(row, one)), () => values.forEach((one) => this.#write(row, idOf(one), one)));
  }

  insert<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    const values = [value].flat() as R[];
    return this.statement(`new rows of ${row.name}`, values.map((one) => lockOf(row, one)), (tables) => {
      if (values.some((one) => tables.rowsOf(row).has(idOf(one)))) throw new MillraceError('stale-version', 'An entry with the same name was added at the same time');
      values.forEach((one) => this.#write(row, idOf(one), one));
    });
  }

  async remove<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<void> {
    for (const one of await this.lockMany(row, { where })) this.#write(row, idOf(one), null);
  }

  lockKey(key: string): Promise<void> {
    return this.statement('a lock', [`key ${key}`], () => undefined);
  }

  query(sql: string): Promise<never> {
    return Promise.reject(new Error(`The simulated database knows no SQL: ${sql}`));
  }

  #write(row: RowClass<object>, id: string, value: object | null): void {
    const own = this.#own.get(row) ?? new Map<string, object | null>();
    this.#own.set(row, own.set(id, value));
    this.server.writes.push((tables) => void (value === null ? tables.rowsOf(row).delete(id) : tables.rowsOf(row).set(id, value)));
  }

  #matching<R extends object>(tables: SimulatedTables, row: RowClass<R>, where: Partial<R>): R[] {
    const seen = new Map<string, object | null>([...tables.rowsOf(row), ...(this.#own.get(row) ?? [])]);
    return ([...seen.values()].filter((one) => one !== null) as R[]).filter((one) => Object.entries(where).every(([name, value]) => one[name as keyof R] === value));
  }
}

function idOf(value: object): string {
  return String((value as { id: unknown }).id);
}

function lockOf(row: RowClass<object>, value: object): string {
  return `${row.name} ${idOf(value)}`;
}
