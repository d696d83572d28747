import { varianceOf } from './moments.js';

const SMALLEST_SPREAD = 0.001;

/** Kolmogorov-Smirnov statistic: the largest gap between the empirical distribution functions; NaN when a side is empty. */
export function ksDistanceOf(reference: readonly number[], current: readonly number[]): number {
  return ksDistanceOfSorted(Float64Array.from(reference).sort(), Float64Array.from(current).sort());
}

/** `ksDistanceOf` of samples in ascending order. */
export function ksDistanceOfSorted(x: Float64Array, y: Float64Array): number {
  let [largest, i, j] = [x.length && y.length ? 0 : NaN, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i] ?? NaN, y[j] ?? NaN);
    while (i < x.length && (x[i] ?? NaN) <= value) i += 1;
    while (j < y.length && (y[j] ?? NaN) <= value) j += 1;
    largest = Math.max(largest, Math.abs(i / x.length - j / y.length));
  }
  return largest;
}

/** Earth mover's distance between two samples, in their own unit: the integral of |F - G|; NaN when a side is empty. */
export function wassersteinOf(reference: readonly number[], current: readonly number[]): number {
  return wassersteinOfSorted(Float64Array.from(reference).sort(), Float64Array.from(current).sort());
}

/** `wassersteinOf` of samples in ascending order. */
export function wassersteinOfSorted(x: Float64Array, y: Float64Array): number {
  return integrateGaps(x, y, Math.abs);
}

/** `wassersteinOf` in standard deviations of the reference (population formula, at least 0.001), as Evidently norms it. */
export function normedWassersteinOf(reference: readonly number[], current: readonly number[]): number {
  return wassersteinOf(reference, current) / Math.max(Math.sqrt(varianceOf(reference, 0)), SMALLEST_SPREAD);
}

/** `normedWassersteinOf` of samples in ascending order. */
export function normedWassersteinOfSorted(x: Float64Array, y: Float64Array): number {
  return wassersteinOfSorted(x, y) / Math.max(Math.sqrt(varianceOf(x, 0)), SMALLEST_SPREAD);
}

/** Energy distance of samples in ascending order: sqrt(2 * integral of (F - G)^2), as scipy's `energy_distance`. */
export function energyDistanceOfSorted(x: Float64Array, y: Float64Array): number {
  return Math.sqrt(2) * Math.sqrt(integrateGaps(x, y, (gap) => gap * gap));
}

/** Integral over all values of `weight(F - G)`. */
function integrateGaps(x: Float64Array, y: Float64Array, weight: (gap: number) => number): number {
  let [area, i, j, value] = [x.length && y.length ? 0 : NaN, 0, 0, NaN];
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    if (i + j > 0) area += weight(i / x.length - j / y.length) * (next - value);
    value = next;
    while (x[i] === value) i += 1;
    while (y[j] === value) j += 1;
  }
  return area;
}
