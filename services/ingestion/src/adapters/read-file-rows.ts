import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DataSetDefinition, FileLoad } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { sqlIdentifier, sqlLiteral } from '@millrace/storage';
import type { DuckDb } from '@millrace/storage';
import { csvValueOf } from '../csv-value.js';

/** A row as it goes to the topic. The key is null when the row has none, which sends it to quarantine. */
export interface FileRow {
  key: string | null;
  value: string;
}

export interface FileToRead {
  path: string;
  format: FileLoad['format'];
  dataSet: DataSetDefinition;
  /** Rows to pass over, which were sent before. */
  skipRows: number;
}

/** Portions of a file's rows in their order, read as they are taken. Errors: `invalid-file` when the file cannot be read or has other columns than the data set. */
export async function* readFileRows(duckDb: DuckDb, file: FileToRead): AsyncGenerator<FileRow[]> {
  yield* file.format === 'ndjson' ? readLines(file) : readTable(duckDb, file);
}

const PORTION_ROWS = 5000;

async function* readLines({ path, dataSet, skipRows }: FileToRead): AsyncGenerator<FileRow[]> {
  let portion: FileRow[] = [];
  let row = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    row += 1;
    if (row <= skipRows) continue;
    portion.push({ key: keyOfLine(line, dataSet.keyColumn), value: line });
    if (portion.length < PORTION_ROWS) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

async function* readTable(duckDb: DuckDb, { path, format, dataSet, skipRows }: FileToRead): AsyncGenerator<FileRow[]> {
  const source = format === 'parquet' ? `read_parquet(${sqlLiteral(path)})` : `read_csv(${sqlLiteral(path)}, header = true, all_varchar = true)`;
  const columns = await columnsOf(duckDb, source, dataSet);
  const portions = duckDb.stream<Record<string, unknown>>(`SELECT ${columns.map(sqlIdentifier).join(', ')} FROM ${source} OFFSET ${skipRows}`);
  let portion: FileRow[] = [];
  for await (const rows of portions) {
    for (const row of rows) portion.push(format === 'csv' ? rowOf(typedCsv(row, dataSet), dataSet) : rowOf(row, dataSet));
    if (portion.length < PORTION_ROWS) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

/** One sentence for a file of the wrong shape is better than a million rows in quarantine. */
async function columnsOf(duckDb: DuckDb, source: string, dataSet: DataSetDefinition): Promise<string[]> {
  const described = await duckDb.query<{ column_name: string }>(`DESCRIBE SELECT * FROM ${source}`).catch((error: unknown) => {
    throw new MillraceError('invalid-file', `The file cannot be read: ${(error as Error).message}`, { cause: error });
  });
  const found = described.map((column) => column.column_name);
  const unknown = found.filter((name) => !dataSet.columns.some((column) => column.name === name));
  const missing = dataSet.columns.filter((column) => !column.optional && !found.includes(column.name)).map((column) => column.name);
  if (unknown.length + missing.length > 0) {
    const parts = [unknown.length > 0 ? `has unknown columns (${unknown.join(', ')})` : '', missing.length > 0 ? `lacks columns (${missing.join(', ')})` : ''];
    throw new MillraceError('invalid-file', `The file ${parts.filter(Boolean).join(' and ')}; ${dataSet.id} has ${dataSet.columns.map((column) => column.name).join(', ')}`);
  }
  return found;
}

function typedCsv(row: Record<string, unknown>, dataSet: DataSetDefinition): Record<string, unknown> {
  return Object.fromEntries(dataSet.columns.filter(({ name }) => name in row).map(({ name, type }) => [name, csvValueOf(type, row[name] as string | null)]));
}

function rowOf(row: Record<string, unknown>, dataSet: DataSetDefinition): FileRow {
  const key = row[dataSet.keyColumn];
  return { key: key === null || key === undefined ? null : String(key), value: JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)) };
}

function keyOfLine(line: string, keyColumn: string): string | null {
  try {
    const key = (JSON.parse(line) as Record<string, unknown> | null)?.[keyColumn];
    return key === null || key === undefined ? null : String(key);
  } catch {
    return null;
  }
}
