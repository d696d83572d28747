import { chiSquareSurvival } from '../chi-square-distribution.js';
import type { CategoryCounts } from './column-samples.js';
import { totalOf } from './column-samples.js';
import type { NoAnswer } from './drift-method.js';

/** p-value of the likelihood-ratio test 2 sum observed log(observed / expected), the reference's counts being expected as they are. */
export function gTest({ reference, current }: CategoryCounts): number | NoAnswer {
  if (totalOf(reference) !== totalOf(current)) return { because: "Evidently's G-test needs as many current as reference rows" };
  const statistic = current.reduce((sum, observed, i) => (observed === 0 ? sum : sum + 2 * observed * Math.log(observed / (reference[i] ?? 0))), 0);
  return reference.length < 2 ? NaN : chiSquareSurvival(statistic, reference.length - 1);
}
