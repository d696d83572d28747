import { scaledBesselK } from '../bessel-k.js';
import { logGamma } from '../log-gamma.js';
import type { NumericSamples } from './column-samples.js';
import { visitRanks } from './pooled-ranks.js';

const EXACT_ROWS = 20;
const LAST_TERM = 1e-7;

/**
 * p-value of the two-sample Cramer-von Mises test, as scipy's `cramervonmises_2samp`: exact up to 20 rows on both sides, otherwise by the
 * limit distribution, its series ended at the same term. NaN with fewer than two rows on a side.
 */
export function cramerVonMisesPValue(samples: NumericSamples): number {
  const [m, n] = [samples.reference.length, samples.current.length];
  if (Math.min(m, n) < 2) return NaN;
  const u = statisticOf(samples);
  if (Math.max(m, n) <= EXACT_ROWS) return exactPValue(u, m, n);
  const rows = m + n;
  const product = m * n;
  const t = u / (product * rows) - (4 * product - 1) / (6 * rows);
  const variance = ((rows + 1) * (4 * product * rows - 3 * (m * m + n * n) - 2 * product)) / (45 * rows ** 2 * 4 * product);
  const normed = 1 / 6 + (t - (1 + 1 / rows) / 6) / Math.sqrt(45 * variance);
  return normed < 0.003 ? 1 : Math.max(0, 1 - limitDistribution(normed));
}

/** Anderson's U: how far the ranks of each side lie from the ranks within the side. */
function statisticOf(samples: NumericSamples): number {
  const below = { reference: 0, current: 0 };
  const sums = { reference: 0, current: 0 };
  visitRanks(samples, (tie) => {
    for (const side of ['reference', 'current'] as const) {
      for (let i = 1; i <= tie[side]; i += 1) sums[side] += (tie.rank - below[side] - i) ** 2;
      below[side] += tie[side];
    }
  });
  return samples.reference.length * sums.reference + samples.current.length * sums.current;
}

/** Csorgo and Faraway 1996, equation 1.2. */
function limitDistribution(x: number): number {
  let sum = 0;
  for (let k = 0; ; k += 1) {
    const front = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const term = front * Math.sqrt(y) * Math.exp(-2 * q) * scaledBesselK(0.25, q);
    sum += term;
    if (term < LAST_TERM) return sum;
  }
}

/** How often a value of the statistic occurs over all ways to mix the two samples; values ascending. */
interface Frequencies {
  values: Float64Array;
  ways: Float64Array;
}

/** Xiao, Gordon and Yakovlev 2006, algorithm 1. */
function exactPValue(u: number, m: number, n: number): number {
  const multiple = (m * n) / greatestCommonDivisor(m, n);
  const product = m * n;
  const bound = Math.floor((multiple ** 2 * (m + n) * (6 * u - product * (4 * product - 1))) / (6 * product ** 2));
  const nothing: Frequencies = { values: new Float64Array(), ways: new Float64Array() };
  let row: Frequencies[] = Array.from({ length: m + 1 }, (_, v) => (v === 0 ? { values: Float64Array.of(0), ways: Float64Array.of(1) } : nothing));
  for (let i = 0; i <= n; i += 1) {
    let left = nothing;
    row = row.map((above, v) => (left = joined(left, above, ((multiple / m) * v - (multiple / n) * i) ** 2)));
  }
  const { values, ways } = row[m] ?? nothing;
  const all = ways.reduce((sum, count) => sum + count, 0);
  return values.reduce((sum, value, i) => (value >= bound ? sum + (ways[i] ?? 0) : sum), 0) / all;
}

/** Both lists merged, every value moved by the shift. */
function joined(a: Frequencies, b: Frequencies, shift: number): Frequencies {
  const values = new Float64Array(a.values.length + b.values.length);
  const ways = new Float64Array(values.length);
  let length = 0;
  for (let i = 0, j = 0; i < a.values.length || j < b.values.length; length += 1) {
    const value = Math.min(a.values[i] ?? Infinity, b.values[j] ?? Infinity);
    values[length] = value + shift;
    if (a.values[i] === value) ways[length] = a.ways[i++] ?? 0;
    if (b.values[j] === value) ways[length] = (ways[length] ?? 0) + (b.ways[j++] ?? 0);
  }
  return { values: values.slice(0, length), ways: ways.slice(0, length) };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
