import { stirlingErrorOf } from '../binomial-density.js';
import { durbinProbability } from './durbin-matrix.js';
import { pelzGoodProbability } from './pelz-good.js';
import { pomeranzProbability } from './pomeranz.js';
import { smirnovSurvival } from './smirnov-survival.js';

const FEW_ROWS = 140;
const MANY_ROWS = 100_000;

/**
 * Probability that the two-sided Kolmogorov-Smirnov statistic of n rows exceeds x, by the method that Simard and L'Ecuyer (2011)
 * choose for n and x, with the limits between methods that scipy has (`kstwo.sf`): the same number also where a method is approximate.
 */
export function ksSurvival(n: number, x: number): number {
  if (x >= 1) return 0;
  if (n * x <= 0.5) return 1;
  return clip(survivalBetween(n, x, n * x * x));
}

function survivalBetween(n: number, x: number, nxSquared: number): number {
  const t = n * x;
  if (t <= 1) return 1 - Math.exp(logFactorialShare(n) + n * Math.log(2 * t - 1));
  if (t >= n - 1) return 2 * (1 - x) ** n;
  if (x >= 0.5) return 2 * smirnovSurvival(n, x);
  if (n <= FEW_ROWS) {
    if (nxSquared <= 0.754693) return 1 - durbinProbability(n, x);
    return nxSquared <= 4 ? 1 - pomeranzProbability(n, x) : 2 * smirnovSurvival(n, x);
  }
  if (nxSquared >= 370) return 0;
  if (nxSquared >= 2.2) return 2 * smirnovSurvival(n, x);
  return 1 - (n <= MANY_ROWS && n * x ** 1.5 <= 1.4 ? durbinProbability(n, x) : pelzGoodProbability(n, x));
}

/** log(n! / n^n) */
function logFactorialShare(n: number): number {
  return stirlingErrorOf(n) + 0.5 * Math.log(2 * Math.PI * n) - n;
}

function clip(probability: number): number {
  return Math.min(1, Math.max(0, probability));
}
