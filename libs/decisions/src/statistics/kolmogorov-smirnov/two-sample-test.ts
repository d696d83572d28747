import { ksSurvival } from './one-sample-survival.js';
import { outsideBandProbability, outsideSquareProbability } from './lattice-paths.js';

/** With more rows on either side the p-value is the asymptotic one, as in scipy's `ks_2samp(method='auto')`. */
const EXACT_ROWS = 10_000;

/** p-value of the two-sided two-sample Kolmogorov-Smirnov test for the statistic `distance` of samples of m and n rows. */
export function ksPValueOf(distance: number, m: number, n: number): number {
  if (Math.max(m, n) > EXACT_ROWS) return ksSurvival(roundHalfEven((m * n) / (m + n)), distance);
  const divisor = greatestCommonDivisor(m, n);
  const h = Math.round(distance * (m / divisor) * n);
  if (h === 0) return 1;
  const probability = m === n ? outsideSquareProbability(n, h) : outsideBandProbability(m, n, divisor, h);
  return probability >= 0 && probability <= 1 ? probability : ksSurvival(roundHalfEven((m * n) / (m + n)), distance);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}
