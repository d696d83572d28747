import { binomialDensity } from '../binomial-density.js';

/** Beyond this many rows scipy takes the limit, and so do we. */
const EXACT_ROWS = 1_000_000;
const NEGLIGIBLE = 1e-20;

/**
 * Probability that the one-sided Kolmogorov-Smirnov statistic of n rows exceeds x, for 0 < x < 1 (Birnbaum and Tingey 1951):
 * x * sum over v of C(n, v) (x + v/n)^(v-1) (1 - x - v/n)^(n-v), all terms positive. Above a million rows exp(-(6nx + 1)^2 / 18n), as scipy.
 */
export function smirnovSurvival(n: number, x: number): number {
  if (n > EXACT_ROWS) return Math.exp(-((6 * n * x + 1) ** 2) / (18 * n));
  let sum = Math.exp(n * Math.log1p(-x));
  for (let v = 1; v < n * (1 - x); v += 1) {
    const term = (x / (x + v / n)) * binomialDensity(v, n - v, x + v / n, (n - v) / n - x);
    sum += term;
    if (v > n / 2 && term < sum * NEGLIGIBLE) break;
  }
  return Math.min(1, sum);
}
