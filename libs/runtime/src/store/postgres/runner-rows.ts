import type { FindManyOptions, FindOptionsWhere, QueryRunner } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { lockNumber } from '../../work/lock-number.js';
import type { RowClass, Rows } from '../../work/tx.js';

/** Postgres takes 65,535 parameters in one statement. */
const parametersPerStatement = 30_000;

/** A service's rows over one TypeORM query runner. */
export class RunnerRows implements Rows {
  constructor(
    private readonly runner: QueryRunner,
    private readonly schema: string,
  ) {}

  find<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    return this.runner.manager.findOneBy(row, where);
  }

  findMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R> = {}): Promise<R[]> {
    return this.runner.manager.find(row, options);
  }

  count<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<number> {
    return this.runner.manager.countBy(row, where);
  }

  async query<T = unknown>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const { records } = (await this.runner.query(sql, parameters, true)) as { records: T[] };
    return records;
  }

  lockOrNull<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    return this.runner.manager.findOne(row, { where, lock: { mode: 'pessimistic_write' } });
  }

  lockMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R>): Promise<R[]> {
    return this.runner.manager.find(row, { ...options, lock: { mode: 'pessimistic_write' } });
  }

  async save<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    const keys = this.runner.manager.connection.getMetadata(row).primaryColumns.map(({ propertyName }) => propertyName);
    for (const part of this.#parts(row, value)) await this.runner.manager.upsert(row, part, keys);
  }

  async insert<R extends object>(row: RowClass<R>, value: R | R[]): Promise<void> {
    for (const part of this.#parts(row, value)) await this.runner.manager.insert(row, part);
  }

  async remove<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<void> {
    await this.runner.manager.delete(row, where);
  }

  async lockKey(key: string): Promise<void> {
    await this.runner.query('select pg_advisory_xact_lock($1)', [lockNumber(this.schema, 'key', key)]);
  }

  #parts<R extends object>(row: RowClass<R>, value: R | R[]): QueryDeepPartialEntity<R>[][] {
    const values = (Array.isArray(value) ? value : [value]) as QueryDeepPartialEntity<R>[];
    const size = Math.floor(parametersPerStatement / Math.max(1, this.runner.manager.connection.getMetadata(row).columns.length));
    return Array.from({ length: Math.ceil(values.length / size) }, (_, part) => values.slice(part * size, (part + 1) * size));
  }
}
