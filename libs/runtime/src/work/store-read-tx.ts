import { MillraceError } from '@millrace/contracts';
import type { ErrorCode } from '@millrace/contracts';
import type { FindManyOptions, FindOptionsWhere } from 'typeorm';
import type { ReadRows, ReadTx, RowClass } from './tx.js';

/** `ReadTx` over the rows of one transaction. */
export class StoreReadTx implements ReadTx {
  constructor(
    private readonly readRows: ReadRows,
    readonly now: Date,
  ) {}

  find<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<R | null> {
    return this.readRows.find(row, where);
  }

  findMany<R extends object>(row: RowClass<R>, options: FindManyOptions<R> = {}): Promise<R[]> {
    return this.readRows.findMany(row, options);
  }

  count<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>): Promise<number> {
    return this.readRows.count(row, where);
  }

  query<T = unknown>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.readRows.query<T>(sql, parameters);
  }

  async get<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, notFound: ErrorCode = 'row-not-found'): Promise<R> {
    return (await this.find(row, where)) ?? this.refuse(row, where, notFound);
  }

  protected refuse<R extends object>(row: RowClass<R>, where: FindOptionsWhere<R>, code: ErrorCode): never {
    const what = row.name.replace(/Row$/, '').replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
    throw new MillraceError(code, `There is no ${what} with ${JSON.stringify(where)}`);
  }
}
