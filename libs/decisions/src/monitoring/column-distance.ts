import { jensenShannonDivergenceOf } from '../statistics/count-distances.js';
import { rowsOf } from './column-tally.js';
import type { ColumnTally } from './window-profile.js';

/** How far a window of a column lies from its reference, with what it rests on. */
export interface Divergence {
  /**
   * Jensen-Shannon divergence (nats) over the pinned bins, missing values a bin of their own, less its expectation when nothing but
   * sampling tells the two apart, (used bins - 1) / 8 * (1/n + 1/m): a small window is not farther away for being small.
   * Negative when the windows are more alike than chance makes them; NaN when a side has no rows.
   */
  beyondSampling: number;
  /** Standard deviation of it under sampling alone: 8 nm / (n + m) times the divergence is nearly chi-square there. */
  samplingDeviation: number;
  /** Rows of the window. */
  rows: number;
}

export function divergenceOf(window: ColumnTally, reference: ColumnTally): Divergence {
  const x = binsOf(window);
  const y = binsOf(reference);
  const degrees = x.filter((count, bin) => count > 0 || (y[bin] ?? 0) > 0).length - 1;
  const rows = rowsOf(window);
  const scale = (1 / rows + 1 / rowsOf(reference)) / 8;
  return { beyondSampling: jensenShannonDivergenceOf(x, y) - degrees * scale, samplingDeviation: Math.sqrt(2 * Math.max(0, degrees)) * scale, rows };
}

/** Jensen-Shannon distance beyond sampling: the root of the divergence, 0 where that is negative. */
export function columnDistanceOf(window: ColumnTally, reference: ColumnTally): number {
  return distanceOf(divergenceOf(window, reference));
}

export function distanceOf({ beyondSampling }: Divergence): number {
  return Number.isNaN(beyondSampling) ? NaN : Math.sqrt(Math.max(0, beyondSampling));
}

/**
 * Effect size: the share of rows that lie in other bins than they would by the reference (total variation distance), less its
 * expectation under no change, sum over bins of sqrt(p (1 - p) (1/n + 1/m) / (2 pi)) with the pooled share p; 0 where that is more.
 */
export function shiftedShareOf(window: ColumnTally, reference: ColumnTally): number {
  const [n, m] = [rowsOf(window), rowsOf(reference)];
  const y = binsOf(reference);
  const terms = binsOf(window).map((count, bin) => {
    const other = y[bin] ?? 0;
    const pooled = (count + other) / (n + m);
    return Math.abs(count / n - other / m) / 2 - Math.sqrt((pooled * (1 - pooled) * (1 / n + 1 / m)) / (2 * Math.PI));
  });
  return Math.max(0, terms.reduce((sum, term) => sum + term, 0));
}

/**
 * Mean absolute difference of the percentiles, in the column's unit (the earth mover's distance of the percentile functions).
 * NaN when a side has none.
 */
export function shapeDistanceOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? NaN)), 0) / a.length;
}

/** Divergence of two columns by the names of their categories, those outside of the vocabulary together. */
export function divergenceByName(window: ColumnTally, reference: ColumnTally): number {
  const names = Math.max(...[window, reference].map(({ fine }) => fine.from + fine.counts.length));
  const countsOf = (tally: ColumnTally): number[] => {
    const named = Array.from({ length: names }, (_, i) => tally.fine.counts[i - tally.fine.from] ?? 0);
    return [...named, rowsOf(tally) - named.reduce((sum, count) => sum + count, 0)];
  };
  return jensenShannonDivergenceOf(countsOf(window), countsOf(reference));
}

function binsOf({ counts, missing }: ColumnTally): number[] {
  return [...counts, missing];
}
