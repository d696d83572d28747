import type { DuckDBDataChunk, DuckDBDoubleVector, DuckDBType, DuckDBValue, DuckDBVarCharVector } from '@duckdb/node-api';
import { DOUBLE, DuckDBTimestampTZValue, VARCHAR } from '@duckdb/node-api';
import { toDuckDbValue } from './column.js';
import type { Column, ColumnType } from './column.js';
import { sqlIdentifier } from './sql-quoting.js';

const firstCapacity = 64;
const microsPerMs = 1000n;
const longCopyBytes = 40;
/** With its mark for null. */
const bytesOfNumber = 9;

/** Values of one column behind one another, without an object each. */
interface Vector {
  /** Of a string column the byte behind its text in `text`, else the number: milliseconds of a timestamp, 0 or 1 of a boolean. */
  numbers: Float64Array;
  isNull: Uint8Array;
  text: Buffer;
}

/** Rows that are gathered column by column to be written once: flat memory of about the size of their values. */
export class ColumnVectors {
  #rows = 0;
  #capacity = firstCapacity;
  readonly #vectors: Vector[];
  readonly #isText: boolean[];

  constructor(readonly columns: readonly Column[]) {
    this.#isText = columns.map(({ type }) => type === 'string');
    this.#vectors = columns.map(() => ({ numbers: new Float64Array(firstCapacity), isNull: new Uint8Array(firstCapacity), text: Buffer.alloc(0) }));
  }

  /** Rows that were ended. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes that the rows take; the memory is at most about twice that, or what earlier rows took. */
  get size(): number {
    const texts = this.#vectors.reduce((sum, vector, place) => sum + (this.#isText[place] ? this.#textBegin(vector) : 0), 0);
    return texts + this.#rows * this.#vectors.length * bytesOfNumber;
  }

  /** Forgets the rows and keeps their memory for others: fresh memory costs more than what is written into it. */
  clear(): void {
    this.#rows = 0;
  }

  /** The number of a double or long column, milliseconds of a timestamp, 0 or 1 of a boolean, for the row that is open. */
  putNumber(place: number, value: number): void {
    const vector = this.#vectors[place] as Vector;
    vector.numbers[this.#rows] = value;
    vector.isNull[this.#rows] = 0;
  }

  /** The text of a string column, which must be UTF-8. */
  putText(place: number, bytes: Buffer, from: number, to: number): void {
    const vector = this.#vectors[place] as Vector;
    const begin = this.#textBegin(vector);
    const end = begin + to - from;
    if (end > vector.text.length) vector.text = grown(vector.text, end);
    copy(bytes, vector.text, begin, from, to);
    vector.numbers[this.#rows] = end;
    vector.isNull[this.#rows] = 0;
  }

  putNull(place: number): void {
    const vector = this.#vectors[place] as Vector;
    if (this.#isText[place]) vector.numbers[this.#rows] = this.#textBegin(vector);
    vector.isNull[this.#rows] = 1;
  }

  /** Ends the open row; every column must have been put. */
  endRow(): void {
    this.#rows += 1;
    if (this.#rows < this.#capacity) return;
    this.#capacity *= 2;
    for (const vector of this.#vectors) {
      vector.numbers = copied(new Float64Array(this.#capacity), vector.numbers);
      vector.isNull = copied(new Uint8Array(this.#capacity), vector.isNull);
    }
  }

  /** A whole row of values as `toDuckDbValue` takes them; a property that is missing is null. Errors: `invalid-column-value`, and nothing is added. */
  push(row: Readonly<Record<string, unknown>>): void {
    const values = this.columns.map((column) => toDuckDbValue(column, row[column.name]));
    values.forEach((value, place) => this.#put(place, value));
    this.endRow();
  }

  /** A number as it was put; NaN for null. Not for string columns. */
  numberAt(place: number, row: number): number {
    const vector = this.#vectors[place] as Vector;
    return vector.isNull[row] === 1 ? Number.NaN : (vector.numbers[row] as number);
  }

  /** Columns as `fill` writes them: numbers of all kinds as doubles, NaN for null, which `select` turns into what they are. */
  get rawTypes(): DuckDBType[] {
    return this.#isText.map((isText) => (isText ? VARCHAR : DOUBLE));
  }

  /** Writes some rows into a chunk of DuckDB that has room for just these. */
  fill(chunk: DuckDBDataChunk, firstRow: number, count: number): void {
    this.columns.forEach((_, place) => {
      const vector = chunk.getColumnVector(place);
      const column = this.#vectors[place] as Vector;
      if (this.#isText[place]) fillTexts(vector as DuckDBVarCharVector, column, firstRow, count);
      else fillNumbers(vector as DuckDBDoubleVector, column, firstRow, count);
      vector.flush();
    });
  }

  /** SQL that gives the columns their types, from a table that `fill` filled. */
  select(table: string): string {
    return `SELECT ${this.columns.map(({ name, type }) => `${typed(sqlIdentifier(name), type)} AS ${sqlIdentifier(name)}`).join(', ')} FROM ${sqlIdentifier(table)}`;
  }

  #put(place: number, value: DuckDBValue): void {
    if (value === null) return this.putNull(place);
    if (typeof value === 'string') {
      const bytes = Buffer.from(value);
      return this.putText(place, bytes, 0, bytes.length);
    }
    this.putNumber(place, value instanceof DuckDBTimestampTZValue ? Number(value.micros / microsPerMs) : Number(value));
  }

  #textBegin({ numbers }: Vector): number {
    return this.#rows === 0 ? 0 : (numbers[this.#rows - 1] as number);
  }
}

function fillTexts(vector: DuckDBVarCharVector, { numbers, isNull, text }: Vector, firstRow: number, count: number): void {
  let from = firstRow === 0 ? 0 : (numbers[firstRow - 1] as number);
  for (let index = 0; index < count; index += 1) {
    const to = numbers[firstRow + index] as number;
    vector.setItem(index, isNull[firstRow + index] === 1 ? null : text.toString('utf8', from, to));
    from = to;
  }
}

function fillNumbers(vector: DuckDBDoubleVector, { numbers, isNull }: Vector, firstRow: number, count: number): void {
  for (let index = 0; index < count; index += 1) vector.setItem(index, isNull[firstRow + index] === 1 ? Number.NaN : (numbers[firstRow + index] as number));
}

/** Whole numbers are exact as doubles up to 53 bits, instants as milliseconds are far below. */
function typed(column: string, type: ColumnType): string {
  if (type === 'string') return column;
  const value = { double: column, long: `${column}::BIGINT`, boolean: `${column} = 1`, timestamp: `make_timestamptz(${column}::BIGINT * 1000)` }[type];
  return `CASE WHEN isnan(${column}) THEN NULL ELSE ${value} END`;
}

/** A loop is quicker than a call for most texts. */
function copy(bytes: Buffer, target: Buffer, begin: number, from: number, to: number): void {
  if (to - from > longCopyBytes) bytes.copy(target, begin, from, to);
  else for (let [index, at] = [from, begin]; index < to; index += 1, at += 1) target[at] = bytes[index] as number;
}

function grown(text: Buffer, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(needed, text.length * 2, 1024));
  text.copy(larger);
  return larger;
}

function copied<A extends Float64Array | Uint8Array>(larger: A, smaller: A): A {
  larger.set(smaller);
  return larger;
}
