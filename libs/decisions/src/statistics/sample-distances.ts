import { varianceOf } from './moments.js';

const SMALLEST_SPREAD = 0.001;

/** Kolmogorov-Smirnov statistic: the largest gap between the empirical distribution functions; NaN when a side is empty. */
export function ksDistanceOf(reference: readonly number[], current: readonly number[]): number {
  let largest = reference.length && current.length ? 0 : NaN;
  walkGaps(reference, current, (gap) => {
    largest = Math.max(largest, Math.abs(gap));
  });
  return largest;
}

/** Earth mover's distance between two samples, in their own unit: the integral of |F - G|; NaN when a side is empty. */
export function wassersteinOf(reference: readonly number[], current: readonly number[]): number {
  let area = reference.length && current.length ? 0 : NaN;
  walkGaps(reference, current, (gap, width) => {
    area += Math.abs(gap) * width;
  });
  return area;
}

/** `wassersteinOf` in standard deviations of the reference (population formula, at least 0.001), as Evidently norms it. */
export function normedWassersteinOf(reference: readonly number[], current: readonly number[]): number {
  return wassersteinOf(reference, current) / Math.max(Math.sqrt(varianceOf(reference, 0)), SMALLEST_SPREAD);
}

/** Calls `visit` with the gap F - G after each distinct value, and the distance to the next value. */
function walkGaps(a: readonly number[], b: readonly number[], visit: (gap: number, width: number) => void): void {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    const value = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    while (x[i] === value) i += 1;
    while (y[j] === value) j += 1;
    const next = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    visit(i / x.length - j / y.length, next === Infinity ? 0 : next - value);
  }
}
