import { quantilesOf } from '../statistics/quantiles.js';
import type { ColumnValue, PinnedColumn } from './window-profile.js';

const NUMERIC_BINS = 10;
const CATEGORY_BINS = 30;
const KNOWN_CATEGORIES = 5_000;
const VOCABULARY_OF_A_COLUMN = 200;

export interface ColumnToPin {
  name: string;
  kind: 'numeric' | 'category';
  /** All of its values in the reference. */
  values: readonly ColumnValue[];
}

/**
 * Pins the bins of all columns by the reference: tenths for numbers, with a bin of its own for every value that a tenth of the
 * rows have (a constant column has one, and a value beside it another); the most frequent categories and one bin for the rest.
 */
export function pinColumns(columns: readonly ColumnToPin[]): PinnedColumn[] {
  const pinned = columns.map(({ name, kind, values }) => (kind === 'numeric' ? { name, kind, edges: edgesOf(values), size: sizeOf(values) } : { name, kind, ...categoriesOf(values), vocabulary: [] as string[] }));
  const vocabulary = [...new Set(pinned.flatMap((column) => (column.kind === 'category' ? column.known.slice(0, VOCABULARY_OF_A_COLUMN) : [])))].sort();
  return pinned.map((column) => (column.kind === 'category' ? { ...column, vocabulary } : column));
}

/** One column pinned alone. */
export function pinColumn(name: string, kind: 'numeric' | 'category', values: readonly ColumnValue[]): PinnedColumn {
  const [pinned] = pinColumns([{ name, kind, values }]);
  return pinned ?? { name, kind: 'numeric', edges: [], size: 1 };
}

/**
 * A checksum (FNV-1a, 64 bits) over the pinned bins, in hexadecimal: tallies can be added and compared when it is the same.
 * No seal: it finds mistakes, not forgery.
 */
export function digestOfPins(columns: readonly PinnedColumn[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of JSON.stringify(columns)) hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

function edgesOf(values: readonly ColumnValue[]): number[] {
  const numbers = values.flatMap((value) => (value === null || !Number.isFinite(Number(value)) ? [] : [Number(value)]));
  if (numbers.length === 0) return [];
  const tenths = Array.from({ length: NUMERIC_BINS - 1 }, (_, i) => (i + 1) / NUMERIC_BINS);
  const atoms = atomsOf(numbers).flatMap((value) => [value, nextUp(value)]);
  return [...new Set([...quantilesOf(numbers, tenths), ...atoms])].sort((a, b) => a - b);
}

/** Median size of what is not zero. */
function sizeOf(values: readonly ColumnValue[]): number {
  const sizes = values.flatMap((value) => (value !== null && Number.isFinite(Number(value)) && Number(value) !== 0 ? [Math.abs(Number(value))] : []));
  return quantilesOf(sizes, [0.5])[0] || 1;
}

/** Values that at least a tenth of the rows have. */
function atomsOf(numbers: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of numbers) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].flatMap(([value, count]) => (count >= numbers.length / NUMERIC_BINS ? [value] : []));
}

/** The smallest number greater than a finite one (IEEE 754: neighbours are neighbours as integers). */
function nextUp(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0] = (bits[0] ?? 0n) + (value > 0 ? 1n : -1n);
  return new Float64Array(bits.buffer)[0] ?? value;
}

function categoriesOf(values: readonly ColumnValue[]): { categories: string[]; known: string[] } {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([category]) => category);
  return { categories: byCount.slice(0, CATEGORY_BINS), known: byCount.slice(0, KNOWN_CATEGORIES) };
}
