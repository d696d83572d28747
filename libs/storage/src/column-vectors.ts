import type { DuckDBValue } from '@duckdb/node-api';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { toDuckDbValue } from './column.js';
import type { Column } from './column.js';

const firstCapacity = 64;
const microsPerMs = 1000n;
const longCopyBytes = 40;
/** With its mark for null. */
const bytesOfNumber = 9;

/** Values of one column behind one another, without an object each. */
export interface ColumnVector {
  /** Of a string column the byte behind its text in `text`, also where it is null; else the number: milliseconds of a timestamp, 0 or 1 of a boolean. */
  readonly numbers: Float64Array;
  /** 1 or 0. */
  readonly isNull: Uint8Array;
  readonly text: Buffer;
}

type Vector = { -readonly [part in keyof ColumnVector]: ColumnVector[part] };

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
    const texts = this.#vectors.reduce((sum, vector, place) => sum + (this.#isText[place] ? textBegin(vector, this.#rows) : 0), 0);
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
    const begin = textBegin(vector, this.#rows);
    const end = begin + to - from;
    if (end > vector.text.length) vector.text = grown(vector.text, end);
    copy(bytes, vector.text, begin, from, to);
    vector.numbers[this.#rows] = end;
    vector.isNull[this.#rows] = 0;
  }

  putNull(place: number): void {
    const vector = this.#vectors[place] as Vector;
    if (this.#isText[place]) vector.numbers[this.#rows] = textBegin(vector, this.#rows);
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

  /** A column's values; of the rows that were ended, until more are put. */
  vectorAt(place: number): ColumnVector {
    return this.#vectors[place] as Vector;
  }

  #put(place: number, value: DuckDBValue): void {
    if (value === null) return this.putNull(place);
    if (typeof value === 'string') {
      const bytes = Buffer.from(value);
      return this.putText(place, bytes, 0, bytes.length);
    }
    this.putNumber(place, value instanceof DuckDBTimestampTZValue ? Number(value.micros / microsPerMs) : Number(value));
  }
}

/** Where the text of a row begins. */
export function textBegin({ numbers }: ColumnVector, row: number): number {
  return row === 0 ? 0 : (numbers[row - 1] as number);
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
