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

/** `wassersteinOf` of samples in ascending order; written without branches on the values, which no processor could foresee. */
export function wassersteinOfSorted(x: Float64Array, y: Float64Array): number {
  const m = x.length;
  const n = y.length;
  if (m === 0 || n === 0) return NaN;
  let area = 0;
  let i = 0;
  let j = 0;
  let value = Math.min(x[0] as number, y[0] as number);
  while (i < m && j < n) {
    const left = x[i] as number;
    const right = y[j] as number;
    const isLeft = left <= right ? 1 : 0;
    const next = Math.min(left, right);
    area += Math.abs(i / m - j / n) * (next - value);
    value = next;
    i += isLeft;
    j += 1 - isLeft;
  }
  for (; i < m; i += 1) {
    area += (1 - i / m) * ((x[i] as number) - value);
    value = x[i] as number;
  }
  for (; j < n; j += 1) {
    area += (1 - j / n) * ((y[j] as number) - value);
    value = y[j] as number;
  }
  return area;
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
  return Math.sqrt(2) * Math.sqrt(integrateSquares(x, y));
}

/** Integral over all values of (F - G)^2. */
function integrateSquares(x: Float64Array, y: Float64Array): number {
  let [area, i, j, value] = [x.length && y.length ? 0 : NaN, 0, 0, NaN];
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    if (i + j > 0) area += (i / x.length - j / y.length) ** 2 * (next - value);
    value = next;
    while (x[i] === value) i += 1;
    while (y[j] === value) j += 1;
  }
  return area;
}
