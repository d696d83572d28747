import { normalDistribution } from '../normal-distribution.js';
import type { NumericSamples } from './column-samples.js';
import { visitRanks } from './pooled-ranks.js';

const EXACT_ROWS = 8;

/**
 * p-value of the Mann-Whitney test with the alternative that the reference is the smaller (the only one Evidently asks for): exact when
 * one side has at most 8 rows and no value occurs twice, otherwise normal with correction for ties and continuity, as scipy's `mannwhitneyu`.
 */
export function mannWhitneyLess(samples: NumericSamples): number {
  const [m, n] = [samples.reference.length, samples.current.length];
  let [rankSum, tieSum] = [0, 0];
  visitRanks(samples, ({ reference, current, rank }) => {
    const tied = reference + current;
    rankSum += reference * rank;
    tieSum += tied ** 3 - tied;
  });
  const u = m * n - (rankSum - (m * (m + 1)) / 2);
  if (tieSum === 0 && Math.min(m, n) <= EXACT_ROWS) return exactTail(u, Math.min(m, n), Math.max(m, n));
  const deviation = Math.sqrt(((m * n) / 12) * (m + n + 1 - tieSum / ((m + n) * (m + n - 1))));
  return Math.min(1, Math.max(0, normalDistribution(-(u - (m * n) / 2 - 0.5) / deviation)));
}

/** Probability of U at least u without ties: coefficients of the Gaussian binomial, the product of (1 - q^(n+i)) / (1 - q^i). */
function exactTail(u: number, m: number, n: number): number {
  const mirrored = Math.floor(Math.min(u, m * n - u));
  const ways = new Float64Array(mirrored + 1);
  ways[0] = 1;
  for (let i = 1; i <= m; i += 1) {
    for (let k = mirrored; k >= n + i; k -= 1) ways[k] = (ways[k] ?? 0) - (ways[k - n - i] ?? 0);
    for (let k = i; k <= mirrored; k += 1) ways[k] = (ways[k] ?? 0) + (ways[k - i] ?? 0);
  }
  let all = 1;
  for (let i = 1; i <= m; i += 1) all = (all * (n + i)) / i;
  const below = ways.reduce((sum, count) => sum + count, 0) / all;
  return u > m * n - u ? below : 1 - below + (ways[mirrored] ?? 0) / all;
}
