import { chiSquareSurvival } from '../statistics/chi-square-distribution.js';
import { jensenShannonDivergenceOf } from '../statistics/count-distances.js';
import { inverseSurvival } from '../statistics/inverse-survival.js';
import type { ColumnWindow } from './window-profile.js';

/**
 * Jensen-Shannon divergence (nats) between two windows of one column over its pinned bins, missing values a bin of their own,
 * less what sampling alone adds, (used bins - 1) / 8 * (1/n + 1/m): a small window is not farther away for being small.
 * Negative when the windows are more alike than chance makes them; NaN when a side has no rows.
 */
export function divergenceBeyondSampling(a: ColumnWindow, b: ColumnWindow): number {
  const { degrees, scale } = samplingOf(a, b);
  return jensenShannonDivergenceOf(binsOf(a), binsOf(b)) - degrees * scale;
}

/** What `divergenceBeyondSampling` exceeds with probability `alpha` when nothing but sampling tells the windows apart (chi-square). */
export function samplingBoundOf(a: ColumnWindow, b: ColumnWindow, alpha: number): number {
  const { degrees, scale } = samplingOf(a, b);
  return degrees > 0 ? (inverseSurvival((x) => chiSquareSurvival(x, degrees), alpha) - degrees) * scale : 0;
}

/** Jensen-Shannon distance: the root of `divergenceBeyondSampling`, 0 where that is negative. */
export function columnDistanceOf(a: ColumnWindow, b: ColumnWindow): number {
  const divergence = divergenceBeyondSampling(a, b);
  return Number.isNaN(divergence) ? NaN : Math.sqrt(Math.max(0, divergence));
}

/** Under sampling alone 8 nm / (n + m) times the divergence is nearly chi-square with (used bins - 1) degrees of freedom. */
function samplingOf(a: ColumnWindow, b: ColumnWindow): { degrees: number; scale: number } {
  const x = binsOf(a);
  const y = binsOf(b);
  const usedBins = x.filter((count, bin) => count > 0 || (y[bin] ?? 0) > 0).length;
  return { degrees: usedBins - 1, scale: (1 / totalOf(x) + 1 / totalOf(y)) / 8 };
}

function binsOf({ counts, missing }: ColumnWindow): number[] {
  return [...counts, missing];
}

/**
 * Mean absolute difference of the percentiles, in the column's unit (the earth mover's distance of the percentile functions).
 * NaN when a side has none.
 */
export function shapeDistanceOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? NaN)), 0) / a.length;
}

/** Both windows counted together; percentiles are averaged, weighed by rows. */
export function mergedWindow(windows: readonly ColumnWindow[]): ColumnWindow {
  const numeric = windows.filter((window) => window.percentiles.length > 0);
  const weights = numeric.map((window) => totalOf(window.counts));
  const weight = totalOf(weights);
  return {
    counts: (windows[0]?.counts ?? []).map((_, bin) => totalOf(windows.map((window) => window.counts[bin] ?? 0))),
    missing: totalOf(windows.map((window) => window.missing)),
    distinct: Math.max(0, ...windows.map((window) => window.distinct)),
    percentiles: (numeric[0]?.percentiles ?? []).map((_, i) => totalOf(numeric.map((window, w) => (window.percentiles[i] ?? 0) * (weights[w] ?? 0))) / weight),
    unseen: totalOf(windows.map((window) => window.unseen)),
  };
}

function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
