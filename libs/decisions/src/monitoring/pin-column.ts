import { quantilesOf } from '../statistics/quantiles.js';
import type { ColumnValue, PinnedColumn } from './window-profile.js';

const NUMERIC_BINS = 10;
const CATEGORY_BINS = 30;
const KNOWN_CATEGORIES = 5_000;

/**
 * Pins the bins of one column by all rows of the reference: tenths for numbers (fewer when values repeat), the most frequent
 * categories and one bin for the rest otherwise.
 */
export function pinColumn(name: string, kind: 'numeric' | 'category', values: readonly ColumnValue[]): PinnedColumn {
  return kind === 'numeric' ? { name, kind, edges: edgesOf(values) } : { name, kind, ...categoriesOf(values) };
}

function edgesOf(values: readonly ColumnValue[]): number[] {
  const numbers = values.flatMap((value) => (value === null || Number.isNaN(Number(value)) ? [] : [Number(value)]));
  if (numbers.length === 0) return [];
  const tenths = Array.from({ length: NUMERIC_BINS - 1 }, (_, i) => (i + 1) / NUMERIC_BINS);
  return [...new Set(quantilesOf(numbers, tenths))];
}

function categoriesOf(values: readonly ColumnValue[]): { categories: string[]; known: string[] } {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([category]) => category);
  return { categories: byCount.slice(0, CATEGORY_BINS), known: byCount.slice(0, KNOWN_CATEGORIES) };
}
