import { meanOf } from '../statistics/moments.js';

/** A stretch of event time, ISO. */
export interface EventTimeInterval {
  from: string;
  to: string;
}

interface DistanceWindow {
  from: string;
  to: string;
  verdict: string;
  columns: readonly { distance: number; threshold: number }[];
  signs: readonly { began: string }[];
}

/** Twice the difference of log likelihoods that the true change exceeds with probability 0.05: 1 - (1 - exp(-c / 2))^2 = 0.05 (Siegmund, 1988). */
const LIKELIHOOD_BOUND = 7.35;
const SMALLEST_SPREAD = 1e-9;

/**
 * Between when and when a change began, with confidence 95 %: of a shift of the mean excess over the bounds from one window on, all
 * beginnings whose likelihood is near the best (normal, equal variances on both sides). A change within a window moves a part of it, so that
 * the interval reaches to the end of its last window. Where the newest window shows broken data, what it shows of the beginning counts instead.
 * @param windows oldest first, the newest with the alarm
 * @param changePoint start of the first window out of bounds in the run
 */
export function changeIntervalOf(windows: readonly DistanceWindow[], changePoint: string): EventTimeInterval {
  const began = windows.at(-1)?.signs.map((sign) => sign.began).sort()[0];
  const partial = windows.at(-1)?.from === changePoint && began !== undefined && began > changePoint;
  const judged = windows.filter(({ verdict }) => verdict !== 'too-thin');
  const first = Math.max(0, judged.findIndex(({ from }) => from === changePoint));
  const fallback = { from: partial ? began : changePoint, to: judged[first]?.to ?? changePoint };
  if (partial || judged.length < 3) return fallback;
  const excess = judged.map(({ columns }) => Math.max(0, ...columns.map(({ distance, threshold }) => distance / threshold).filter(Number.isFinite)));
  const likelihoods = excess.map((_, start) => (start === 0 ? -Infinity : likelihoodOf(excess, start)));
  const best = Math.max(...likelihoods);
  const near = likelihoods.flatMap((value, start) => (2 * (best - value) <= LIKELIHOOD_BOUND ? [start] : []));
  const [earliest = first, latest = first] = [near[0], near.at(-1)];
  return { from: judged[Math.min(earliest, first)]?.from ?? fallback.from, to: judged[Math.max(latest, first)]?.to ?? fallback.to };
}

/** Log likelihood of a shift at `start`, up to a constant: -n / 2 ln of the sum of squares about the two means. */
function likelihoodOf(values: readonly number[], start: number): number {
  const squares = [values.slice(0, start), values.slice(start)].map((side) => {
    const mean = meanOf(side);
    return side.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  });
  return (-values.length / 2) * Math.log(Math.max(SMALLEST_SPREAD, squares.reduce((sum, square) => sum + square, 0) / values.length));
}
