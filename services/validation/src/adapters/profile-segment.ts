import type { ColumnDefinition, ColumnProfile, Profile } from '@millrace/contracts';
import { sqlIdentifier, sqlLiteral } from '@millrace/storage';
import type { DuckDb } from '@millrace/storage';

const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
const TOP_VALUES = 10;
/** A column with more values than this is a name, not a category: its most frequent values say nothing. */
const MOST_CATEGORIES = 1000;
/** DuckDB fails a whole scan when a sum of squares overflows: larger numbers are left out of the standard deviation. */
const LARGEST_SQUARED = 1e150;
/** Distinct values up to here are counted exactly in segments; above it an estimate does. */
const EXACT_DISTINCT_ROWS = 10_000;

export interface ScannedSegment {
  profile: Profile;
  /** Share (0 to 1) of rows whose value stands in an earlier row, for the columns asked for. */
  duplicateShares: Record<string, number>;
}

/** Measures a segment's Parquet file in one scan: per column counts, bounds, moments and quantiles of numbers; then the most frequent values of categories, whose columns alone are read again. */
export async function profileSegment(duckDb: DuckDb, path: string, columns: readonly ColumnDefinition[], rows: number, duplicatesOf: readonly string[]): Promise<ScannedSegment> {
  if (rows === 0) return { profile: { rows: 0, columns: {} }, duplicateShares: {} };
  const present = await presentColumns(duckDb, path, columns);
  const measures = present.flatMap((column, index) => measuresOf(column, index, rows <= EXACT_DISTINCT_ROWS || duplicatesOf.includes(column.name)));
  const [row = {}] = await duckDb.query<Record<string, unknown>>(`SELECT ${['count(*) AS row_count', ...measures].join(', ')} FROM read_parquet(${sqlLiteral(path)})`);
  const count = Number(row['row_count']);
  const profiles = present.map((column, index): [string, ColumnProfile] => [column.name, toColumnProfile(column, index, row, count)]);
  const profile: Profile = { rows: count, columns: Object.fromEntries(profiles) };
  await addTopValues(duckDb, path, profile.columns);
  return { profile, duplicateShares: Object.fromEntries(duplicatesOf.map((name) => [name, duplicateShareOf(profile.columns[name])])) };
}

/** A column of a later pipeline version may be missing in an earlier segment. */
async function presentColumns(duckDb: DuckDb, path: string, columns: readonly ColumnDefinition[]): Promise<ColumnDefinition[]> {
  const described = await duckDb.query<{ column_name: string }>(`DESCRIBE SELECT * FROM read_parquet(${sqlLiteral(path)})`);
  const names = new Set(described.map((column) => column.column_name));
  return columns.filter((column) => names.has(column.name));
}

function measuresOf(column: ColumnDefinition, index: number, isExact: boolean): string[] {
  const name = sqlIdentifier(column.name);
  const distinct = isExact ? `count(DISTINCT ${name})` : `approx_count_distinct(${name})`;
  const common = [`count(${name}) AS count_${index}`, `${distinct} AS distinct_${index}`];
  if (isNumber(column)) {
    const moments = [`avg(${name}) AS mean_${index}`, `stddev_samp(${name}) FILTER (abs(${name}) <= ${LARGEST_SQUARED}) AS stddev_${index}`, `quantile_cont(${name}, ${sqlLiteral(QUANTILES)}) AS quantiles_${index}`];
    return [...common, `min(${name}) AS min_${index}`, `max(${name}) AS max_${index}`, ...moments];
  }
  if (column.type === 'timestamp') return [...common, `min(${name}) AS min_${index}`, `max(${name}) AS max_${index}`];
  return common;
}

async function addTopValues(duckDb: DuckDb, path: string, columns: Record<string, ColumnProfile>): Promise<void> {
  const categories = Object.entries(columns).filter(([, profile]) => isCategory(profile));
  if (categories.length === 0) return;
  const histograms = categories.map(([name], index) => `histogram(${sqlIdentifier(name)}::VARCHAR) FILTER (${sqlIdentifier(name)} IS NOT NULL) AS values_${index}`);
  const [row = {}] = await duckDb.query<Record<string, unknown>>(`SELECT ${histograms.join(', ')} FROM read_parquet(${sqlLiteral(path)})`);
  categories.forEach(([, profile], index) => {
    profile.top = topOf(row[`values_${index}`]);
  });
}

function isCategory({ type, distinct }: ColumnProfile): boolean {
  return (type === 'string' || type === 'boolean') && distinct <= MOST_CATEGORIES;
}

function toColumnProfile(column: ColumnDefinition, index: number, row: Record<string, unknown>, rows: number): ColumnProfile {
  const count = Number(row[`count_${index}`]);
  const common = { type: column.type, count, nulls: rows - count, distinct: Math.min(count, Number(row[`distinct_${index}`])) };
  if (column.type === 'string' || column.type === 'boolean') return common;
  const bounds = { min: boundOf(row[`min_${index}`]), max: boundOf(row[`max_${index}`]) };
  if (!isNumber(column) || count === 0) return { ...common, ...bounds };
  const [mean, stddev] = [Number(row[`mean_${index}`]), row[`stddev_${index}`]];
  const quantiles = (row[`quantiles_${index}`] as number[]).map(Number);
  return { ...common, ...bounds, ...(Number.isFinite(mean) ? { mean } : {}), ...(typeof stddev === 'number' ? { stddev } : {}), ...(quantiles.every(Number.isFinite) ? { quantiles } : {}) };
}

function topOf(values: unknown): { value: string; count: number }[] {
  const counts = Object.entries((values ?? {}) as Record<string, number>).map(([value, count]) => ({ value, count: Number(count) }));
  return counts.sort((a, b) => b.count - a.count || a.value.localeCompare(b.value)).slice(0, TOP_VALUES);
}

function boundOf(value: unknown): number | string | null {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null;
}

function duplicateShareOf(profile: ColumnProfile | undefined): number {
  return profile && profile.count > 0 ? (profile.count - profile.distinct) / profile.count : 0;
}

function isNumber(column: ColumnDefinition): boolean {
  return column.type === 'double' || column.type === 'long';
}
