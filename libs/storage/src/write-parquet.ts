import { randomUUID } from 'node:crypto';
import type { Column } from './column.js';
import type { ColumnVectors } from './column-vectors.js';
import type { DuckDb, DuckDbSession } from './duckdb.js';
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
  return writeTable(duckDb, path, columns, (session, table) => session.loadRows(table, columns, rows));
}

/** `writeParquet` for rows that were gathered by column, from a row on. */
export async function writeVectors(duckDb: DuckDb, path: string, vectors: ColumnVectors, firstRow = 0): Promise<ParquetFile> {
  return writeTable(duckDb, path, vectors.columns, (session, table) => session.loadVectors(table, vectors, firstRow));
}

async function writeTable(duckDb: DuckDb, path: string, columns: readonly Column[], load: (session: DuckDbSession, table: string) => Promise<unknown>): Promise<ParquetFile> {
  return duckDb.session(async (session) => {
    const table = `rows_${randomUUID()}`;
    await load(session, table);
    const statistics = await columnStatisticsOf(session, sqlIdentifier(table), columns);
    const written = await session.copyToParquet(`SELECT * FROM ${sqlIdentifier(table)}`, path);
    return { path, ...written, statistics };
  });
}
