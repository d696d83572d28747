import { upperBoundOfNext } from './bound-of-next.js';
import { shapeDistanceOf } from './column-distance.js';
import { SIZE_ERROR, mergeTallies, percentilesOf, rowsOf, tallyWithout } from './column-tally.js';
import { segmentsOf, talliesOfSegments } from './segment.js';
import type { ColumnTally, PinnedColumn, WindowProfile } from './window-profile.js';

/** What is usual for a column in one segment of a window. */
export interface UsualSegment {
  /** Largest usual distance of a window's percentiles from those of the others, in the column's unit; null for categories. */
  shapeThreshold: number | null;
  /** Largest share of missing values, and of unseen categories, that is still usual. */
  missingBound: number;
  unseenBound: number;
  /** True when the reference always had at least two values here, so that a constant is a sign of something broken. */
  varies: boolean;
}

/** For telling whether a shape is that of the reference again a wrong no costs more than a wrong yes. */
const SHAPE_ALPHA = 0.001;
const SMALLEST_SHARE = 0.05;
/** Windows that are looked at for the shapes of segments: the newest. */
const SHAPE_WINDOWS = 60;

/** What was usual in the whole window and in each of its segments, in the order of `segmentsOf`. */
export function usualSegments(column: PinnedColumn, windows: readonly WindowProfile[], alpha: number): UsualSegment[] {
  const newest = windows.slice(-SHAPE_WINDOWS);
  const parts = Math.max(0, ...newest.map((window) => window.parts.length));
  const byWindow = newest.map((window) => talliesOfSegments(window, column.name));
  return segmentsOf(parts).map((_, segment) => {
    const tallies = byWindow.flatMap((tallies) => tallies[segment] ?? []).filter((tally) => rowsOf(tally) > 0);
    return usualOf(column, tallies, alpha);
  });
}

function usualOf(column: PinnedColumn, tallies: readonly ColumnTally[], alpha: number): UsualSegment {
  const pooled = mergeTallies(tallies);
  const others = tallies.map((tally) => tallyWithout(pooled, tally));
  return {
    shapeThreshold: column.kind === 'numeric' ? shapeThresholdOf(tallies, others, pooled) : null,
    missingBound: shareBound(tallies.map((tally) => tally.missing / rowsOf(tally)), alpha),
    unseenBound: shareBound(tallies.map((tally, i) => unseenAgainst(tally, others[i])), alpha),
    varies: tallies.length > 0 && tallies.every(({ several }) => several),
  };
}

/** Never below what the logarithmic bins blur. */
function shapeThresholdOf(tallies: readonly ColumnTally[], others: readonly ColumnTally[], pooled: ColumnTally): number {
  const shapes = tallies.map((tally, i) => shapeDistanceOf(percentilesOf(tally), percentilesOf(others[i] ?? tally))).filter(Number.isFinite);
  const size = percentilesOf(pooled).reduce((sum, value, _, all) => sum + Math.abs(value) / all.length, 0);
  return Math.max(2 * SIZE_ERROR * size, ...shapes, upperBoundOfNext(shapes, SHAPE_ALPHA) || 0);
}

/** How many rows a reference window would bring in categories that the other windows did not have. */
function unseenAgainst(tally: ColumnTally, others: ColumnTally | undefined): number {
  const unseen = tally.counts.filter((count, bin) => count > 0 && (others?.counts[bin] ?? 0) === 0);
  return unseen.reduce((sum, count) => sum + count, 0) / rowsOf(tally);
}

function shareBound(shares: readonly number[], alpha: number): number {
  return Math.max(...shares, upperBoundOfNext(shares, alpha)) + SMALLEST_SHARE;
}
