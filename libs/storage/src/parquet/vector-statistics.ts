import type { TableStatistics } from '../column-statistics.js';
import { boundOf } from '../column-statistics.js';
import type { Column } from '../column.js';
import type { ColumnVector, ColumnVectors } from '../column-vectors.js';
import { textBegin } from '../column-vectors.js';

/** Bounds are cut to 32 code points: what is equal in as many bytes as 33 of them can have has the same bounds. */
const COMPARED_BYTES = 132;

/** Adds what `columnStatisticsOf` measures of one column, for rows that were gathered by column, from a row on. */
export function addColumnStatistics(statistics: TableStatistics, vectors: ColumnVectors, place: number, firstRow: number): void {
  const { rows } = vectors;
  const { name, type } = vectors.columns[place] as Column;
  const vector = vectors.vectorAt(place);
  const nulls = nullsOf(vector, firstRow, rows);
  statistics.nullCount[name] = nulls;
  if (type === 'boolean' || nulls === rows - firstRow) return;
  const [least, greatest] = type === 'string' ? textRange(vector, firstRow, rows) : numberRange(vector, firstRow, rows);
  statistics.minValues[name] = boundOf(type === 'timestamp' ? new Date(least as number) : least, 'least') as string | number;
  statistics.maxValues[name] = boundOf(type === 'timestamp' ? new Date(greatest as number) : greatest, 'greatest') as string | number;
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

/** By their bytes, which is the order of their code points. Most texts need one comparison: those that grow, and those that are equal. */
function textRange(vector: ColumnVector, from: number, to: number): [string, string] {
  const { isNull, text } = vector;
  let [least, greatest] = [-1, -1];
  for (let row = from; row < to; row += 1) {
    if (isNull[row] === 1) continue;
    if (least < 0) least = greatest = row;
    const order = compare(vector, row, greatest);
    if (order > 0) greatest = row;
    else if (order < 0 && compare(vector, row, least) < 0) least = row;
  }
  return [text.toString('utf8', textBegin(vector, least), vector.numbers[least]), text.toString('utf8', textBegin(vector, greatest), vector.numbers[greatest])];
}

function compare(vector: ColumnVector, row: number, other: number): number {
  const { numbers, text } = vector;
  const [begin, otherBegin] = [textBegin(vector, row), textBegin(vector, other)];
  const length = (numbers[row] as number) - begin;
  const otherLength = (numbers[other] as number) - otherBegin;
  const common = Math.min(length, otherLength, COMPARED_BYTES);
  for (let index = 0; index < common; index += 1) {
    const difference = (text[begin + index] as number) - (text[otherBegin + index] as number);
    if (difference !== 0) return difference;
  }
  return common === COMPARED_BYTES ? 0 : length - otherLength;
}
