import { randomUUID } from 'node:crypto';
import type { Column } from './column.js';
import type { DuckDb } from './duckdb.js';
import { sqlIdentifier } from './sql-quoting.js';
import { columnStatisticsOf } from './column-statistics.js';
import type { TableStatistics } from './column-statistics.js';

export interface ParquetFile {
  path: string;
  rowCount: number;
  sizeBytes: number;
  statistics: TableStatistics;
}

/** Writes rows to one Parquet file (zstd) with the declared columns, and measures what a Delta table wants to know of it. Errors: `invalid-column-value`. */
export async function writeParquet(duckDb: DuckDb, path: string, columns: readonly Column[], rows: Iterable<object> | AsyncIterable<object>): Promise<ParquetFile> {
  return duckDb.session(async (session) => {
    const table = `rows_${randomUUID()}`;
    await session.loadRows(table, columns, rows);
    const statistics = await columnStatisticsOf(session, sqlIdentifier(table), columns);
    const written = await session.copyToParquet(`SELECT * FROM ${sqlIdentifier(table)}`, path);
    return { path, ...written, statistics };
  });
}
