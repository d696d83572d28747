import type { EntityManager, FindManyOptions, FindOptionsWhere } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { lockNumber } from '../../work/lock-number.js';
import type { RowClass, Rows } from '../../work/tx.js';
import { RowStatements } from './row-statements.js';
import type { StoreConnection } from './store-connection.js';

/** Postgres takes 65,535 parameters in one statement. */
const parametersPerStatement = 30_000;
const forUpdate = ' for update';

/** A service's rows over one connection. */
export class PostgresRows implements Rows {
  constructor(
    private readonly connection: StoreConnection,
    private readonly schema: string,
  ) {}

  async find<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    const [found] = (await this.#selected(row, { where, take: 1 }, '')) ?? [await (await this.#typeorm()).findOneBy(row, where)];
    return found ?? null;
  }

  async findMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R> = {}): Promise<R[]> {
    return (await this.#selected(row, options, '')) ?? (await this.#typeorm()).find(row, options);
  }

  async count<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<number> {
    return (await this.#typeorm()).countBy(row, where);
  }

  query<T = unknown>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.connection.query<T>(sql, parameters);
  }

  async lockOrNull<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    const [found] = (await this.#selected(row, { where, take: 1 }, forUpdate)) ?? [await (await this.#typeorm()).findOne(row, { where, lock: { mode: 'pessimistic_write' } })];
    return found ?? null;
  }

  async lockMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R>): Promise<R[]> {
    return (await this.#selected(row, options, forUpdate)) ?? (await this.#typeorm()).find(row, { ...options, lock: { mode: 'pessimistic_write' } });
  }

  async save<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    if (this.#wasWritten(row, value, 'upsert')) return;
    const keys = this.#metadataOf(row).primaryColumns.map(({ propertyName }) => propertyName);
    for (const part of this.#parts(row, value)) await (await this.#typeorm()).upsert(row, part, keys);
  }

  async insert<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    if (this.#wasWritten(row, value, 'insert')) return;
    for (const part of this.#parts(row, value)) await (await this.#typeorm()).insert(row, part);
  }

  async remove<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<void> {
    const statement = RowStatements.of<R>(this.#metadataOf(row))?.remove(where);
    if (statement) this.connection.send(statement.text, statement.values);
    else await (await this.#typeorm()).delete(row, where);
  }

  async lockKey(key: string): Promise<void> {
    await this.connection.prepared('select pg_advisory_xact_lock($1)', [lockNumber(this.schema, 'key', key)]);
  }

  /** Undefined: TypeORM must do it. */
  async #selected<R extends object>(row: RowClass<R>, options: FindManyOptions<R>, lock: string): Promise<R[] | undefined> {
    const statements = RowStatements.of<R>(this.#metadataOf(row));
    const statement = statements?.select(options, lock);
    if (!statements || !statement) return undefined;
    return (await this.connection.prepared<object>(statement.text, statement.values)).map((raw) => statements.toRow(raw));
  }

  /** One whole row. False: TypeORM must do it. */
  #wasWritten<R extends object>(row: RowClass<R>, value: R | R[], verb: 'insert' | 'upsert'): boolean {
    const [one, ...others] = Array.isArray(value) ? value : [value];
    const statement = one && others.length === 0 ? RowStatements.of<R>(this.#metadataOf(row))?.write(one, verb) : undefined;
    if (statement) this.connection.send(statement.text, statement.values);
    return statement !== undefined;
  }

  async #typeorm(): Promise<EntityManager> {
    await this.connection.settled();
    return this.connection.runner.manager;
  }

  #metadataOf<R extends object>(row: RowClass<R>) {
    return this.connection.runner.manager.connection.getMetadata(row);
  }

  #parts<R extends object>(row: RowClass<R>, value: R | R[]): QueryDeepPartialEntity<R>[][] {
    const values = (Array.isArray(value) ? value : [value]) as QueryDeepPartialEntity<R>[];
    const size = Math.floor(parametersPerStatement / Math.max(1, this.#metadataOf(row).columns.length));
    return Array.from({ length: Math.ceil(values.length / size) }, (_, part) => values.slice(part * size, (part + 1) * size));
  }
}
