import type { TableStatistics } from '../column-statistics.js';
import { boundOf } from '../column-statistics.js';
import type { ColumnVector, ColumnVectors } from '../column-vectors.js';

/** What `columnStatisticsOf` measures, of rows that were gathered by column, from a row on. */
export function vectorStatisticsOf(vectors: ColumnVectors, firstRow: number): TableStatistics {
  const { columns, rows } = vectors;
  const statistics: TableStatistics = { numRecords: rows - firstRow, minValues: {}, maxValues: {}, nullCount: {} };
  columns.forEach(({ name, type }, place) => {
    const vector = vectors.vectorAt(place);
    statistics.nullCount[name] = nullsOf(vector, firstRow, rows);
    if (type === 'boolean' || statistics.nullCount[name] === rows - firstRow) return;
    const [least, greatest] = type === 'string' ? textRange(vector, firstRow, rows) : numberRange(vector, firstRow, rows);
    statistics.minValues[name] = boundOf(type === 'timestamp' ? new Date(least as number) : least, 'least') as string | number;
    statistics.maxValues[name] = boundOf(type === 'timestamp' ? new Date(greatest as number) : greatest, 'greatest') as string | number;
  });
  return statistics;
}

function nullsOf({ isNull }: ColumnVector, from: number, to: number): number {
  let nulls = 0;
  for (let row = from; row < to; row += 1) nulls += isNull[row] as number;
  return nulls;
}

function numberRange({ numbers, isNull }: ColumnVector, from: number, to: number): [number, number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (let row = from; row < to; row += 1) {
    if (isNull[row] === 1) continue;
    const value = numbers[row] as number;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** By their bytes, which is the order of their code points. */
function textRange({ numbers, isNull, text }: ColumnVector, from: number, to: number): [string, string] {
  let [leastFrom, leastTo, greatestFrom, greatestTo] = [-1, -1, -1, -1];
  let first = from === 0 ? 0 : (numbers[from - 1] as number);
  for (let row = from; row < to; row += 1) {
    const last = numbers[row] as number;
    if (isNull[row] === 0) {
      if (leastFrom < 0 || compare(text, first, last, leastFrom, leastTo) < 0) [leastFrom, leastTo] = [first, last];
      if (greatestFrom < 0 || compare(text, first, last, greatestFrom, greatestTo) > 0) [greatestFrom, greatestTo] = [first, last];
    }
    first = last;
  }
  return [text.toString('utf8', leastFrom, leastTo), text.toString('utf8', greatestFrom, greatestTo)];
}

function compare(text: Buffer, from: number, to: number, otherFrom: number, otherTo: number): number {
  const common = Math.min(to - from, otherTo - otherFrom);
  for (let index = 0; index < common; index += 1) {
    const difference = (text[from + index] as number) - (text[otherFrom + index] as number);
    if (difference !== 0) return difference;
  }
  return to - from - (otherTo - otherFrom);
}
