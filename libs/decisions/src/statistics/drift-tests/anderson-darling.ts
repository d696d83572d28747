import type { NumericSamples } from './column-samples.js';
import { visitRanks } from './pooled-ranks.js';

/** Critical values of two samples and their levels (Scholz and Stephens 1987, table 2: b0 + b1 + b2). */
const CRITICAL = [0.675 - 0.245 - 0.105, 1.281 + 0.25 - 0.305, 1.645 + 0.678 - 0.362, 1.96 + 1.149 - 0.391, 2.326 + 1.822 - 0.396, 2.573 + 2.364 - 0.345, 3.085 + 3.615 - 0.154];
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];

/**
 * p-value of the two-sample Anderson-Darling test with midranks, as scipy's `anderson_ksamp`: the logarithm of the level interpolated by a
 * parabola, between 0.001 and 0.25. NaN with fewer than four rows or a single value.
 */
export function andersonDarlingPValue(samples: NumericSamples): number {
  const normed = (statisticOf(samples) - 1) / Math.sqrt(varianceUnderNull(samples.reference.length, samples.current.length));
  if (normed < (CRITICAL[0] ?? NaN)) return 0.25;
  if (normed > (CRITICAL.at(-1) ?? NaN)) return 0.001;
  return Math.exp(parabolaAt(normed));
}

function statisticOf(samples: NumericSamples): number {
  const sizes = [samples.reference.length, samples.current.length] as const;
  const rows = sizes[0] + sizes[1];
  const sums = [0, 0] as [number, number];
  let below = [0, 0] as [number, number];
  visitRanks(samples, ({ reference, current }) => {
    const tied = reference + current;
    const middle = below[0] + below[1] + tied / 2;
    const weight = tied / rows / (middle * (rows - middle) - (rows * tied) / 4);
    [reference, current].forEach((count, side) => {
      sums[side] = (sums[side] ?? 0) + weight * (rows * ((below[side] ?? 0) + count / 2) - middle * (sizes[side] ?? 0)) ** 2;
    });
    below = [below[0] + reference, below[1] + current];
  });
  return ((sums[0] / sizes[0] + sums[1] / sizes[1]) * (rows - 1)) / rows;
}

/** Scholz and Stephens 1987, equation 4, for two samples. */
function varianceUnderNull(m: number, n: number): number {
  const rows = m + n;
  const reciprocals = 1 / m + 1 / n;
  let [h, g] = [0, 0];
  for (let i = 1; i < rows - 1; i += 1) {
    h += 1 / (rows - i);
    g += h / (i + 1);
  }
  h += 1;
  const a = 4 * g - 6 + (10 - 6 * g) * reciprocals;
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * reciprocals - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * reciprocals + 4 * h;
  const d = (2 * h + 6) * 4 - 8 * h;
  return (a * rows ** 3 + b * rows ** 2 + c * rows + d) / ((rows - 1) * (rows - 2) * (rows - 3));
}

/** Least-squares parabola through the logarithms of the levels, built on polynomials orthogonal over the critical values. */
function parabolaAt(x: number): number {
  const mean = sum(CRITICAL) / CRITICAL.length;
  const spread = sum(CRITICAL.map((value) => (value - mean) ** 2));
  const skew = sum(CRITICAL.map((value) => (value - mean) ** 3)) / spread;
  const bases = [() => 1, (value: number) => value - mean, (value: number) => (value - mean) ** 2 - skew * (value - mean) - spread / CRITICAL.length];
  return sum(bases.map((base) => {
    const values = CRITICAL.map(base);
    return (base(x) * sum(values.map((value, i) => value * Math.log(LEVELS[i] ?? NaN)))) / sum(values.map((value) => value * value));
  }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
