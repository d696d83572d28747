import { divergenceBeyondSampling, mergedWindow, samplingBoundOf, shapeDistanceOf } from './column-distance.js';
import { upperBoundOfNext } from './bound-of-next.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import type { ColumnWindow, PinnedColumn, WindowProfile } from './window-profile.js';

/** What a column looks like in the reference and how far its windows lie from one another. */
export interface ColumnReference {
  column: PinnedColumn;
  /** All reference windows together. */
  pooled: ColumnWindow;
  /** Distance of each reference window from all the others together. */
  distances: number[];
  /** A window farther away than this is out of bounds. Set by whole windows, since windows differ among themselves. */
  threshold: number;
  /** Chance of a window out of bounds that this column may take. */
  alpha: number;
  /** The same in units of the column, by percentiles; null for categories. */
  shapeThreshold: number | null;
  /** Largest share of missing values, and of unseen categories, that is still usual. */
  missingBound: number;
  unseenBound: number;
  /** True when no reference window was constant, so that a constant window is a sign of something broken. */
  varies: boolean;
}

/** A model version's own reference: with a new version come new bounds, with a rollback the old ones. */
export interface Reference {
  windows: { from: string; to: string; rows: number }[];
  columns: ColumnReference[];
}

/** Below this no model notices: a population stability index of about 0.02, where 0.1 is usually called small. */
const SMALLEST_THRESHOLD = 0.05;
/** For telling whether a shape is that of the reference again a wrong no costs more than a wrong yes. */
const SHAPE_ALPHA = 0.001;
const SMALLEST_SHARE = 0.05;

/**
 * Builds the reference of a model version from windows of its training and hold-out rows.
 * The bound of each column is where a further window would fall by chance with probability alphaPerWindow / columns
 * (Bonferroni), by Student's t over the leave-one-out divergences of the reference windows, and never below their largest.
 * Windows with too few rows are left out. NaN bounds (too few windows) make every judgement `cannot-say`.
 */
export function referenceOf(columns: readonly PinnedColumn[], windows: readonly WindowProfile[], policy: MonitoringPolicy): Reference {
  const used = windows.filter((window) => window.rows >= policy.minimumRows);
  const alpha = policy.alphaPerWindow / Math.max(1, columns.length);
  return {
    windows: used.map(({ from, to, rows }) => ({ from, to, rows })),
    columns: columns.map((column) => columnReferenceOf(column, used.flatMap((window) => window.columns[column.name] ?? []), alpha)),
  };
}

function columnReferenceOf(column: PinnedColumn, windows: readonly ColumnWindow[], alpha: number): ColumnReference {
  const others = windows.map((_, left) => mergedWindow(windows.filter((_window, i) => i !== left)));
  const divergences = windows.map((window, i) => divergenceBeyondSampling(window, others[i] ?? window));
  const shapes = windows.map((window, i) => shapeDistanceOf(window.percentiles, others[i]?.percentiles ?? []));
  return {
    column,
    pooled: mergedWindow(windows),
    distances: divergences.map((divergence) => Math.sqrt(Math.max(0, divergence))),
    threshold: Math.sqrt(Math.max(SMALLEST_THRESHOLD ** 2, ...divergences, upperBoundOfNext(divergences, alpha))),
    alpha,
    shapeThreshold: column.kind === 'numeric' ? Math.max(...shapes, upperBoundOfNext(shapes, SHAPE_ALPHA)) : null,
    missingBound: shareBound(windows.map((window) => window.missing / rowsOf(window)), alpha),
    unseenBound: shareBound(windows.map((window, i) => unseenAgainst(window, others[i])), alpha),
    varies: windows.length > 0 && windows.every((window) => window.distinct > 1),
  };
}

/** The bound for one window: the reference's, or what sampling alone may bring to a window of so few rows, if that is more. */
export function thresholdFor(reference: ColumnReference, window: ColumnWindow): number {
  return Math.max(reference.threshold, Math.sqrt(samplingBoundOf(window, reference.pooled, reference.alpha)));
}

/** How many rows a reference window would bring in categories that the other windows did not have. */
function unseenAgainst(window: ColumnWindow, others: ColumnWindow | undefined): number {
  const unseen = window.counts.filter((count, bin) => count > 0 && (others?.counts[bin] ?? 0) === 0);
  return unseen.reduce((sum, count) => sum + count, 0) / rowsOf(window);
}

function shareBound(shares: readonly number[], alpha: number): number {
  return Math.max(...shares, upperBoundOfNext(shares, alpha)) + SMALLEST_SHARE;
}

function rowsOf(window: ColumnWindow): number {
  return window.missing + window.counts.reduce((sum, count) => sum + count, 0);
}
