import { chiSquareSurvival } from './chi-square-distribution.js';
import { normalDistribution } from './normal-distribution.js';

export interface TestResult {
  statistic: number;
  pValue: number;
}

/** Chi-square test of current counts against reference counts scaled to their size (k - 1 degrees of freedom). */
export function chiSquareTest(reference: readonly number[], current: readonly number[]): TestResult {
  const scale = total(current) / total(reference);
  const statistic = reference.reduce((sum, count, i) => {
    const expected = count * scale;
    const observed = current[i] ?? 0;
    return observed === expected ? sum : sum + (observed - expected) ** 2 / expected;
  }, 0);
  return { statistic, pValue: chiSquareSurvival(statistic, reference.length - 1) };
}

/**
 * Two-sided z test of two shares with pooled variance; p is 1 when both sides are the same constant. The tail is 1 - cdf, as Evidently has
 * it: below about 1e-15 it rounds to 0.
 */
export function twoShareTest(reference: { hits: number; rows: number }, current: { hits: number; rows: number }): TestResult {
  const pooled = (reference.hits + current.hits) / (reference.rows + current.rows);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / reference.rows + 1 / current.rows));
  if (deviation === 0) return { statistic: 0, pValue: 1 };
  const statistic = (reference.hits / reference.rows - current.hits / current.rows) / deviation;
  return { statistic, pValue: 2 * (1 - normalDistribution(Math.abs(statistic))) };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
