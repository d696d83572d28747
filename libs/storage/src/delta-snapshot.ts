import type { Column } from './column.js';
import { sqlTypeOf } from './column.js';
import type { TableStatistics } from './column-statistics.js';
import type { AddAction } from './delta-actions.js';
import { fromSchemaString } from './delta-schema.js';
import type { DeltaState } from './delta-state.js';
import type { ObjectStore } from './object-store.js';
import { sqlIdentifier, sqlLiteral } from './sql-quoting.js';

export interface DeltaFile {
  /** Relative to the table, decoded. */
  path: string;
  url: string;
  sizeBytes: number;
  sha256: string | null;
  rowCount: number | null;
  statistics: TableStatistics | null;
  addedAtMs: number;
}

/** A table at one version: immutable, so that it may be kept and read at leisure. */
export interface DeltaSnapshot {
  version: number;
  tableId: string;
  committedAtMs: number;
  columns: Column[];
  configuration: Record<string, string>;
  files: DeltaFile[];
  rowCount: number;
  /** Newest version per application id: for Kafka the offset behind the last record that the table holds. */
  transactions: ReadonlyMap<string, number>;
}

/** Rows wanted: `column` between `from` and `to`, both inclusive, either may be absent. Times as Date. */
export interface ColumnRange {
  column: string;
  from?: string | number | Date;
  to?: string | number | Date;
}

/** Tag of an `add` action under which Millrace keeps the file's digest. */
export const SHA256_TAG = 'millrace.sha256';

export function toSnapshot(store: ObjectStore, tableKey: string, state: DeltaState): DeltaSnapshot {
  const files = [...state.files.values()].map((add) => toFile(store, tableKey, add));
  return {
    version: state.version,
    tableId: state.metaData?.id ?? '',
    committedAtMs: state.committedAtMs,
    columns: fromSchemaString(state.metaData?.schemaString ?? '{"fields":[]}'),
    configuration: state.metaData?.configuration ?? {},
    files,
    rowCount: files.reduce((sum, file) => sum + (file.rowCount ?? 0), 0),
    transactions: new Map([...state.transactions.values()].map((transaction) => [transaction.appId, transaction.version])),
  };
}

/** The files that can hold rows in all of the ranges, judged by their statistics alone; a file without statistics stays. */
export function pruneFiles(files: readonly DeltaFile[], ranges: readonly ColumnRange[]): DeltaFile[] {
  return files.filter((file) => ranges.every((range) => mayHold(file, range)));
}

/**
 * A subquery over files with exactly the table's columns: a column that older files lack is null, no files at all are no rows.
 * `paths` are local (`ObjectStore.localPath`).
 */
export function relationOf(columns: readonly Column[], paths: readonly string[]): string {
  const empty = `SELECT ${columns.map((column) => `NULL::${sqlTypeOf(column.type)} AS ${sqlIdentifier(column.name)}`).join(', ')} WHERE false`;
  const union = paths.length === 0 ? '' : ` UNION ALL BY NAME SELECT * FROM read_parquet(${sqlLiteral(paths)}, union_by_name = true)`;
  return `(SELECT ${columns.map((column) => sqlIdentifier(column.name)).join(', ')} FROM (${empty}${union}))`;
}

function toFile(store: ObjectStore, tableKey: string, add: AddAction): DeltaFile {
  const path = decodeURIComponent(add.path);
  const statistics = add.stats ? (JSON.parse(add.stats) as TableStatistics) : null;
  return {
    path,
    url: store.urlOf(`${tableKey}/${path}`),
    sizeBytes: add.size,
    sha256: add.tags?.[SHA256_TAG] ?? null,
    rowCount: statistics?.numRecords ?? null,
    statistics,
    addedAtMs: add.modificationTime,
  };
}

function mayHold(file: DeltaFile, range: ColumnRange): boolean {
  const least = file.statistics?.minValues?.[range.column];
  const greatest = file.statistics?.maxValues?.[range.column];
  if (least === undefined || greatest === undefined) return true;
  return !(isBelow(greatest, range.from, 1) || isBelow(range.to, least, 0));
}

/** Whether a < b for certain. Times in statistics are cut to the millisecond, so that a greatest one may stand for up to one more. */
function isBelow(a: string | number | Date | undefined, b: string | number | Date | undefined, slackMs: number): boolean {
  if (a === undefined || b === undefined) return false;
  if (a instanceof Date || b instanceof Date) return instantOf(a) + slackMs < instantOf(b);
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  return typeof a === 'number' && typeof b === 'number' && a < b;
}

function instantOf(value: string | number | Date): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}
