import { meanOf, varianceOf } from '../statistics/moments.js';
import { studentTQuantile } from '../statistics/student-t-distribution.js';

/**
 * The value that one more window of the same kind exceeds with probability `alpha` only: mean + t * s * sqrt(1/next + 1/m)
 * over m reference windows (Student's t, m - 1 degrees of freedom), for the mean of `next` new windows.
 * NaN with fewer than two reference windows: one window says nothing of how windows differ.
 */
export function upperBoundOfNext(reference: readonly number[], alpha: number, { next = 1, smallestDeviation = 0 } = {}): number {
  if (reference.length < 2) return NaN;
  const deviation = Math.max(smallestDeviation, Math.sqrt(varianceOf(reference)));
  return meanOf(reference) + studentTQuantile(1 - alpha, reference.length - 1) * deviation * Math.sqrt(1 / next + 1 / reference.length);
}
