import type { Column } from './column.js';
import type { DuckDbSession } from './duckdb.js';
import { sqlIdentifier } from './sql-quoting.js';

/** What a Delta `add` says about a file (its `stats`), by column. Times are ISO 8601 cut to milliseconds, long strings are cut to a prefix. */
export interface TableStatistics {
  numRecords: number;
  minValues: Record<string, string | number>;
  maxValues: Record<string, string | number>;
  nullCount: Record<string, number>;
}

const PREFIX_LENGTH = 32;
/** Sorts after every string that shares the prefix. */
const LAST_CODE_POINT = '\u{10FFFF}';

/** Measures a table or subquery in one scan. Minimum and maximum leave out NaN and infinite numbers' columns, and booleans, as other writers do. */
export async function columnStatisticsOf(session: DuckDbSession, relation: string, columns: readonly Column[]): Promise<TableStatistics> {
  const measures = columns.flatMap((column, index) => {
    const name = sqlIdentifier(column.name);
    const ordered = column.type === 'boolean' ? 'NULL' : column.type === 'double' ? `CASE WHEN isnan(${name}) THEN NULL ELSE ${name} END` : name;
    return [`count(*) - count(${name}) AS nulls_${index}`, `min(${ordered}) AS min_${index}`, `max(${ordered}) AS max_${index}`];
  });
  const [row = {}] = await session.query<Record<string, unknown>>(`SELECT ${['count(*) AS row_count', ...measures].join(', ')} FROM ${relation}`);
  const statistics: TableStatistics = { numRecords: Number(row['row_count'] ?? 0), minValues: {}, maxValues: {}, nullCount: {} };
  columns.forEach((column, index) => {
    statistics.nullCount[column.name] = Number(row[`nulls_${index}`] ?? 0);
    const least = boundOf(row[`min_${index}`], 'least');
    const greatest = boundOf(row[`max_${index}`], 'greatest');
    if (least !== undefined && greatest !== undefined) {
      statistics.minValues[column.name] = least;
      statistics.maxValues[column.name] = greatest;
    }
  });
  return statistics;
}

/** A minimum or maximum as a Delta table notes it; undefined when it notes none. */
export function boundOf(value: unknown, side: 'least' | 'greatest'): string | number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return undefined;
  const points = [...value];
  if (points.length <= PREFIX_LENGTH) return value;
  return points.slice(0, PREFIX_LENGTH).join('') + (side === 'greatest' ? LAST_CODE_POINT : '');
}
