import { histogramOf } from '../statistics/histogram.js';
import { quantilesOf } from '../statistics/quantiles.js';

/** Bins of one column, pinned by the reference, so that histograms of any windows can be compared and added. */
export type PinnedColumn =
  /** Bin i holds edges[i-1] <= x < edges[i]; the outer ones are open. */
  | { name: string; kind: 'numeric'; edges: number[] }
  /** One bin per category and one for all others; `known` are all categories that the reference had (as far as kept). */
  | { name: string; kind: 'category'; categories: string[]; known: string[] };

/** One column in one window. `counts` follow the pinned bins; missing values are counted apart. */
export interface ColumnWindow {
  counts: number[];
  missing: number;
  /** Distinct values, missing ones left out; counted up to 2, which tells a constant. */
  distinct: number;
  /** Numeric columns: the percentiles 0 to 100 (101 numbers); empty when every value is missing. */
  percentiles: number[];
  /** Categories: rows whose category the reference never had. */
  unseen: number;
}

/** Distribution of every watched column in one window of event time, [from, to). */
export interface WindowProfile {
  from: string;
  to: string;
  rows: number;
  columns: Record<string, ColumnWindow>;
}

export type ColumnValue = number | bigint | boolean | string | null;

const PERCENTILES = Array.from({ length: 101 }, (_, i) => i / 100);

/** Counts one column of a window into its pinned bins. Not a number counts as missing. */
export function columnWindowOf(column: PinnedColumn, values: readonly ColumnValue[]): ColumnWindow {
  return column.kind === 'numeric' ? numericWindow(column.edges, values) : categoryWindow(column, values);
}

function numericWindow(edges: readonly number[], values: readonly ColumnValue[]): ColumnWindow {
  const numbers = values.flatMap((value) => (value === null || Number.isNaN(Number(value)) ? [] : [Number(value)]));
  return {
    counts: histogramOf(numbers, edges),
    missing: values.length - numbers.length,
    distinct: distinctUpToTwo(numbers),
    percentiles: numbers.length > 0 ? quantilesOf(numbers, PERCENTILES) : [],
    unseen: 0,
  };
}

function categoryWindow({ categories, known }: { categories: string[]; known: string[] }, values: readonly ColumnValue[]): ColumnWindow {
  const bins = new Map(categories.map((category, bin) => [category, bin]));
  const seen = new Set(known);
  const present = values.flatMap((value) => (value === null ? [] : [String(value)]));
  const counts = new Array<number>(categories.length + 1).fill(0);
  for (const category of present) {
    const bin = bins.get(category) ?? categories.length;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    counts,
    missing: values.length - present.length,
    distinct: distinctUpToTwo(present),
    percentiles: [],
    unseen: present.filter((category) => !seen.has(category)).length,
  };
}

function distinctUpToTwo(values: readonly unknown[]): number {
  return values.length === 0 ? 0 : values.some((value) => value !== values[0]) ? 2 : 1;
}
