import type { Finding } from './finding.js';
import { finiteOrNull } from './finding.js';

export interface Parity {
  rows: number;
  largestDifference: number;
  passed: boolean;
}

/** Largest difference between what the trainer's own `predict` said and what the file that will be served says, row by row. */
export function parityOf(trainer: readonly number[], served: readonly number[], tolerance: number): Parity {
  const rows = Math.min(trainer.length, served.length);
  let largestDifference = 0;
  for (let row = 0; row < rows; row += 1) {
    const difference = Math.abs((trainer[row] ?? NaN) - (served[row] ?? NaN));
    largestDifference = Number.isNaN(difference) ? Infinity : Math.max(largestDifference, difference);
  }
  return { rows, largestDifference, passed: rows > 0 && trainer.length === served.length && largestDifference <= tolerance };
}

/** The parity check as a finding: a model is not judged by a file that answers otherwise than what was trained. */
export function judgeParity(parity: Parity, tolerance: number): Finding {
  return {
    check: 'parity-of-trainer-and-served-file',
    passed: parity.passed,
    measured: finiteOrNull(parity.largestDifference),
    bound: tolerance,
    rows: parity.rows,
    detail: parity.passed ? 'The served file answers as the trainer does' : 'The served file does not answer as the trainer does',
  };
}
