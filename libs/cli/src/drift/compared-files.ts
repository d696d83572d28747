import { DuckDb, sqlIdentifier } from '@millrace/storage';
import type { DuckDbSession } from '@millrace/storage';
import { isCsv, sqlOfFile } from './data-file.js';

export type Side = 'reference' | 'current';
export const sides: readonly Side[] = ['reference', 'current'];
export type ColumnClass = 'number' | 'integer' | 'boolean' | 'text' | 'time' | 'other';

/** The finite numbers of a column in file order, and how many rows have none. */
export interface ReadNumbers {
  values: Float64Array;
  missing: number;
  infinite: number;
}

/** Each category's rows on both sides, categories in ascending order. */
export interface ReadCategories {
  reference: number[];
  current: number[];
}

const memoryMegabytes = 1024;
const threads = 2;

/** A reference file and a current file, read a few columns at a time. */
export class ComparedFiles {
  private readonly buffers: Record<Side, Float64Array[]> = { reference: [], current: [] };

  private constructor(
    private readonly session: DuckDbSession,
    private readonly relations: Record<Side, string>,
    readonly columns: Record<Side, ReadonlyMap<string, ColumnClass>>,
    readonly rows: Record<Side, number>,
  ) {}

  /** Opens both files for `work`. A CSV file is parsed once, into DuckDB's own columns, which spill to disk. */
  static async open<R>(paths: Record<Side, string>, work: (files: ComparedFiles) => Promise<R>): Promise<R> {
    const duckDb = await DuckDb.open({ memoryLimitMegabytes: memoryMegabytes, threads });
    try {
      return await duckDb.session(async (session) => work(await ComparedFiles.load(session, paths)));
    } finally {
      await duckDb.close();
    }
  }

  private static async load(session: DuckDbSession, paths: Record<Side, string>): Promise<ComparedFiles> {
    const relations = { reference: '', current: '' };
    const columns: Record<Side, ReadonlyMap<string, ColumnClass>> = { reference: new Map(), current: new Map() };
    const rows = { reference: 0, current: 0 };
    for (const side of sides) {
      relations[side] = sqlOfFile(paths[side]);
      if (isCsv(paths[side])) {
        await session.run(`CREATE TEMP TABLE ${side} AS FROM ${relations[side]}`);
        relations[side] = side;
      }
      const described = await session.query<{ column_name: string; column_type: string }>(`DESCRIBE FROM ${relations[side]}`);
      columns[side] = new Map(described.map(({ column_name: name, column_type: type }) => [name, classOf(type)]));
      rows[side] = (await session.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${relations[side]}`))[0]?.rows ?? 0;
    }
    return new ComparedFiles(session, relations, columns, rows);
  }

  /** One side of columns of numbers or booleans. The values are overwritten by the next call for the side. */
  async numbers(side: Side, names: readonly string[]): Promise<ReadNumbers[]> {
    const read = names.map((_, column) => ({ values: this.buffer(side, column), length: 0, missing: 0, infinite: 0 }));
    const sql = `SELECT ${names.map((name) => `CAST(${sqlIdentifier(name)} AS DOUBLE)`).join(', ')} FROM ${this.relations[side]}`;
    for await (const portion of this.session.streamNumbers(sql)) {
      portion.forEach((numbers, column) => {
        const into = read[column];
        if (into === undefined) return;
        append(into, numbers);
      });
    }
    return read.map(({ values, length, missing, infinite }) => ({ values: values.subarray(0, length), missing, infinite }));
  }

  private buffer(side: Side, column: number): Float64Array {
    return (this.buffers[side][column] ??= new Float64Array(this.rows[side]));
  }

  /** Counts of every value of a column, of whatever type. */
  async categories(name: string): Promise<ReadCategories> {
    const column = sqlIdentifier(name);
    const part = (side: Side): string => `SELECT ${column} AS category, ${side === 'reference' ? 1 : 0} AS reference, ${side === 'current' ? 1 : 0} AS current FROM ${this.relations[side]} WHERE ${column} IS NOT NULL`;
    const sql = `SELECT CAST(sum(reference) AS DOUBLE), CAST(sum(current) AS DOUBLE) FROM (${part('reference')} UNION ALL ${part('current')}) GROUP BY category ORDER BY category`;
    const read: ReadCategories = { reference: [], current: [] };
    for await (const [reference = new Float64Array(), current = new Float64Array()] of this.session.streamNumbers(sql)) {
      read.reference.push(...reference);
      read.current.push(...current);
    }
    return read;
  }
}

function append(into: { values: Float64Array; length: number; missing: number; infinite: number }, numbers: Float64Array): void {
  let { length } = into;
  for (let i = 0; i < numbers.length; i += 1) {
    const value = numbers[i] as number;
    if (value - value === 0) into.values[length++] = value; // finite
    else if (Number.isNaN(value)) into.missing += 1;
    else into.infinite += 1;
  }
  into.length = length;
}

function classOf(type: string): ColumnClass {
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT)$/.test(type)) return 'integer';
  if (/^(DOUBLE|FLOAT|DECIMAL.*)$/.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'VARCHAR' || type.startsWith('ENUM') || type === 'UUID') return 'text';
  return /^(DATE|TIME|TIMESTAMP)/.test(type) ? 'time' : 'other';
}
