import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { toDuckDbValue } from './column.js';
import type { Column } from './column.js';

const firstCapacity = 64;
const microsPerMs = 1000n;

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

  /** Bytes of memory held. */
  get size(): number {
    return this.#vectors.reduce((sum, { text }) => sum + text.length, this.#capacity * this.#vectors.length * 9);
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
    bytes.copy(vector.text, begin, from, to);
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

  /** Writes some rows into a chunk of DuckDB that has room for just these. */
  fill(chunk: DuckDBDataChunk, firstRow: number, count: number): void {
    this.columns.forEach((column, place) => {
      const vector = chunk.getColumnVector(place) as { setItem(index: number, value: DuckDBValue): void; flush(): void };
      const valueOf = this.#readerOf(column, place);
      const { isNull } = this.#vectors[place] as Vector;
      for (let index = 0; index < count; index += 1) vector.setItem(index, isNull[firstRow + index] === 1 ? null : valueOf(firstRow + index));
      vector.flush();
    });
  }

  #readerOf({ type }: Column, place: number): (row: number) => DuckDBValue {
    const { numbers, text } = this.#vectors[place] as Vector;
    switch (type) {
      case 'string':
        return (row) => text.toString('utf8', row === 0 ? 0 : numbers[row - 1], numbers[row]);
      case 'double':
        return (row) => numbers[row] as number;
      case 'long':
        return (row) => BigInt(numbers[row] as number);
      case 'boolean':
        return (row) => numbers[row] === 1;
      case 'timestamp':
        return (row) => new DuckDBTimestampTZValue(BigInt(numbers[row] as number) * microsPerMs);
    }
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

function grown(text: Buffer, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(needed, text.length * 2, 1024));
  text.copy(larger);
  return larger;
}

function copied<A extends Float64Array | Uint8Array>(larger: A, smaller: A): A {
  larger.set(smaller);
  return larger;
}
