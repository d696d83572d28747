import { meanOf, varianceOf } from '../moments.js';
import { studentTSurvival } from '../student-t-distribution.js';
import type { NumericSamples } from './column-samples.js';

/** Two-sided p-value of Student's t test with pooled variance; NaN when both sides are the same constant. */
export function studentTPValue({ reference, current }: NumericSamples): number {
  const degrees = reference.length + current.length - 2;
  const squares = squaresOf(reference) + squaresOf(current);
  const deviation = Math.sqrt((squares / degrees) * (1 / reference.length + 1 / current.length));
  const t = (levelOf(reference) - levelOf(current)) / deviation;
  return Number.isNaN(t) ? NaN : 2 * studentTSurvival(Math.abs(t), degrees);
}

/** Sum of squares about the mean; 0 for a constant, whatever the mean is rounded to. */
function squaresOf(sorted: Float64Array): number {
  return isConstant(sorted) ? 0 : varianceOf(sorted, 0) * sorted.length;
}

function levelOf(sorted: Float64Array): number {
  return isConstant(sorted) ? (sorted[0] ?? NaN) : meanOf(sorted);
}

function isConstant(sorted: Float64Array): boolean {
  return sorted[0] === sorted.at(-1);
}
