import { chiSquareSurvival } from '../chi-square-distribution.js';
import { quantilesOf } from '../quantiles.js';
import type { NumericSamples } from './column-samples.js';
import type { NoAnswer } from './drift-method.js';
import { inverseOfSymmetric } from './symmetric-inverse.js';

const POINTS = [0.4, 0.8];
const FEW_ROWS = 25;

/**
 * p-value of the Epps-Singleton test, as scipy's `epps_singleton_2samp`: the characteristic functions compared at two points, scaled by
 * half the interquartile range of both sides together.
 */
export function eppsSingletonPValue({ reference, current }: NumericSamples): number | NoAnswer {
  const [m, n] = [reference.length, current.length];
  if (Math.min(m, n) < 5) return { because: 'the Epps-Singleton test needs five rows on each side' };
  const [first = NaN, third = NaN] = quantilesOf([...reference, ...current], [0.25, 0.75]);
  if (third === first) return { because: 'the Epps-Singleton test needs an interquartile range above zero' };
  const points = POINTS.map((point) => (2 * point) / (third - first));
  const [x, y] = [wavesOf(reference, points), wavesOf(current, points)];
  const covariance = x.covariance.map((value, i) => ((m + n) / m) * value + ((m + n) / n) * (y.covariance[i] ?? 0));
  const { inverse, isSingular } = inverseOfSymmetric(covariance, 2 * points.length);
  if (isSingular) return { because: 'the Epps-Singleton test needs more distinct values: the covariance of the characteristic functions is singular' };
  const gaps = x.means.map((mean, i) => mean - (y.means[i] ?? 0));
  const size = gaps.length;
  const form = gaps.reduce((sum, gap, i) => sum + gap * gaps.reduce((inner, other, j) => inner + (inverse[i * size + j] ?? 0) * other, 0), 0);
  const correction = Math.max(m, n) < FEW_ROWS ? 1 / (1 + (m + n) ** -0.45 + 10.1 * (m ** -1.7 + n ** -1.7)) : 1;
  return chiSquareSurvival((m + n) * form * correction, gaps.length);
}

/** Means and covariance (row by row, divided by the number of rows) of the cosines and sines at the points. */
function wavesOf(sample: Float64Array, points: readonly number[]): { means: number[]; covariance: number[] } {
  const waves = [...points.map((point) => sample.map((value) => Math.cos(point * value))), ...points.map((point) => sample.map((value) => Math.sin(point * value)))];
  const means = waves.map((wave) => wave.reduce((sum, value) => sum + value, 0) / sample.length);
  const covariance = waves.flatMap((a, i) =>
    waves.map((b, j) => a.reduce((sum, value, row) => sum + (value - (means[i] ?? 0)) * ((b[row] ?? 0) - (means[j] ?? 0)), 0) / sample.length),
  );
  return { means, covariance };
}
