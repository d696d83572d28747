import { MillraceError } from '@millrace/contracts';
import type { ErrorCode } from '@millrace/contracts';
import type { FindManyOptions, FindOptionsWhere, QueryRunner } from 'typeorm';
import type { ReadTx, RowClass } from './tx.js';

/** `ReadTx` over one TypeORM query runner. */
export class RunnerReadTx implements ReadTx {
  constructor(
    protected readonly runner: QueryRunner,
    readonly now: Date,
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

  async get<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, notFound: ErrorCode = 'row-not-found'): Promise<R> {
    return (await this.find(row, where)) ?? this.refuse(row, where, notFound);
  }

  async query<T = unknown>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const { records } = (await this.runner.query(sql, parameters, true)) as { records: T[] };
    return records;
  }

  protected refuse<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, code: ErrorCode): never {
    const what = row.name.replace(/Row$/, '').replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
    throw new MillraceError(code, `There is no ${what} with ${JSON.stringify(where)}`);
  }
}
