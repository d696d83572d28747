import type { ColumnType } from '../column.js';
import type { ColumnVector } from '../column-vectors.js';
import { textBegin } from '../column-vectors.js';

const lengthBytes = 4;
/** Of a length before the definition levels, and of the longest head of their one run. */
const headBytes = 16;
const wide = 2 ** 32;
const microsPerMs = 1000;

/** A data page (version 1) of some rows of a column: one bit for each that says whether it is there, then the values that are, in Parquet's PLAIN encoding. */
export function plainPageOf(type: ColumnType, column: ColumnVector, from: number, to: number): Buffer {
  const { isNull } = column;
  let nulls = 0;
  for (let row = from; row < to; row += 1) nulls += isNull[row] as number;
  const page = Buffer.allocUnsafeSlow(headBytes + Math.ceil((to - from) / 8) + mostValueBytes(type, column, from, to));
  const begin = nulls === 0 ? allThere(page, to - from) : someThere(page, isNull, from, to);
  return page.subarray(0, writers[type](page, begin, column, from, to, nulls));
}

/** Writes the values behind `begin` and gives the byte behind the last. */
type ValueWriter = (page: Buffer, begin: number, column: ColumnVector, from: number, to: number, nulls: number) => number;

const writers: Record<ColumnType, ValueWriter> = {
  string: writeTexts,
  double: writeDoubles,
  long: (page, begin, column, from, to) => writeLongs(page, begin, column, from, to, 1),
  timestamp: (page, begin, column, from, to) => writeLongs(page, begin, column, from, to, microsPerMs),
  boolean: writeBits,
};

function mostValueBytes(type: ColumnType, column: ColumnVector, from: number, to: number): number {
  if (type !== 'string') return (to - from) * Float64Array.BYTES_PER_ELEMENT;
  return textBegin(column, to) - textBegin(column, from) + (to - from) * lengthBytes;
}

/** One run of ones. */
function allThere(page: Buffer, count: number): number {
  const end = varint(page, lengthBytes, count * 2);
  page[end] = 1;
  page.writeUInt32LE(end + 1 - lengthBytes, 0);
  return end + 1;
}

/** One run of packed bits, lowest first, in groups of eight. */
function someThere(page: Buffer, isNull: Uint8Array, from: number, to: number): number {
  const groups = Math.ceil((to - from) / 8);
  const begin = varint(page, lengthBytes, groups * 2 + 1);
  page.fill(0, begin, begin + groups);
  for (let row = from; row < to; row += 1) {
    if (isNull[row] === 0) setBit(page, begin, row - from);
  }
  page.writeUInt32LE(begin + groups - lengthBytes, 0);
  return begin + groups;
}

function writeDoubles(page: Buffer, begin: number, { numbers, isNull }: ColumnVector, from: number, to: number, nulls: number): number {
  const there = nulls === 0 ? numbers.subarray(from, to) : numbers.subarray(from, to).filter((_, index) => isNull[from + index] === 0);
  page.set(new Uint8Array(there.buffer, there.byteOffset, there.byteLength), begin);
  return begin + there.byteLength;
}

/** 64 bits of whole numbers times a small factor, as two halves: exact also where the product is beyond 2^53. */
function writeLongs(page: Buffer, begin: number, { numbers, isNull }: ColumnVector, from: number, to: number, factor: number): number {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let position = begin;
  for (let row = from; row < to; row += 1) {
    if (isNull[row] === 1) continue;
    const value = numbers[row] as number;
    const high = Math.floor(value / wide);
    const low = (value - high * wide) * factor;
    const carry = Math.floor(low / wide);
    view.setUint32(position, low - carry * wide, true);
    view.setInt32(position + 4, high * factor + carry, true);
    position += 8;
  }
  return position;
}

function writeBits(page: Buffer, begin: number, { numbers, isNull }: ColumnVector, from: number, to: number, nulls: number): number {
  const end = begin + Math.ceil((to - from - nulls) / 8);
  page.fill(0, begin, end);
  let place = 0;
  for (let row = from; row < to; row += 1) {
    if (isNull[row] === 1) continue;
    if (numbers[row] === 1) setBit(page, begin, place);
    place += 1;
  }
  return end;
}

function writeTexts(page: Buffer, begin: number, column: ColumnVector, from: number, to: number): number {
  const { numbers, isNull, text } = column;
  let position = begin;
  let first = textBegin(column, from);
  for (let row = from; row < to; row += 1) {
    const last = numbers[row] as number;
    if (isNull[row] === 0) {
      const length = last - first;
      page[position] = length & 0xff;
      page[position + 1] = (length >>> 8) & 0xff;
      page[position + 2] = (length >>> 16) & 0xff;
      page[position + 3] = length >>> 24;
      position = copyText(text, first, last, page, position + lengthBytes);
    }
    first = last;
  }
  return position;
}

const longCopyBytes = 40;

/** A loop is quicker than a call for most texts. */
function copyText(text: Buffer, from: number, to: number, page: Buffer, begin: number): number {
  let position = begin;
  if (to - from > longCopyBytes) text.copy(page, begin, from, to);
  else for (let index = from; index < to; index += 1) page[position++] = text[index] as number;
  return begin + to - from;
}

function setBit(bytes: Buffer, begin: number, place: number): void {
  bytes[begin + (place >>> 3)] = (bytes[begin + (place >>> 3)] as number) | (1 << (place & 7));
}

/** Writes a number as a varint and gives the byte behind it. */
function varint(bytes: Buffer, begin: number, value: number): number {
  let position = begin;
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes[position++] = (rest & 0x7f) | 0x80;
  bytes[position++] = rest;
  return position;
}
