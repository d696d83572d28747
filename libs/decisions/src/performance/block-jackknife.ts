import { meanOf } from '../statistics/moments.js';
import { studentTQuantile } from '../statistics/student-t-distribution.js';

/** Predictions and what came of them, one entry per row, with the block (an hour, a day) that each belongs to. */
export interface OutcomeColumns {
  predictions: readonly number[];
  labels: readonly number[];
  blocks: readonly string[];
}

export interface IntervalEstimate {
  /** NaN where the measure is not defined on the rows. */
  value: number;
  /** Two-sided confidence interval; NaN with fewer than two blocks, or where the measure is not defined without one of them. */
  lower: number;
  upper: number;
  standardError: number;
  blocks: number;
  rows: number;
}

/**
 * Any measure of rows with an interval by leaving one block out at a time: standard error
 * sqrt((B - 1) / B * sum of (theta_b - mean theta)^2), Student's t with B - 1 degrees of freedom (Tukey's jackknife).
 * Rows of one block resemble one another, so that single rows would make the interval too narrow.
 */
export function jackknifeOf(columns: OutcomeColumns, measure: (predictions: readonly number[], labels: readonly number[]) => number, alpha: number): IntervalEstimate {
  const value = measure(columns.predictions, columns.labels);
  const names = [...new Set(columns.blocks)];
  const estimate = { value, blocks: names.length, rows: columns.labels.length };
  if (names.length < 2 || !Number.isFinite(value)) return { ...estimate, lower: NaN, upper: NaN, standardError: NaN };
  const without = names.map((name) => {
    const kept = columnsWhere(columns, (row) => columns.blocks[row] !== name);
    return measure(kept.predictions, kept.labels);
  });
  const mean = meanOf(without);
  const squares = without.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const standardError = Math.sqrt(((names.length - 1) / names.length) * squares);
  const reach = studentTQuantile(1 - alpha / 2, names.length - 1) * standardError;
  return { ...estimate, lower: value - reach, upper: value + reach, standardError };
}

/** The rows for which a condition holds. */
export function columnsWhere({ predictions, labels, blocks }: OutcomeColumns, holds: (row: number) => boolean): OutcomeColumns {
  const kept = { predictions: [] as number[], labels: [] as number[], blocks: [] as string[] };
  for (let row = 0; row < labels.length; row += 1) {
    if (!holds(row)) continue;
    kept.predictions.push(predictions[row] ?? NaN);
    kept.labels.push(labels[row] ?? NaN);
    kept.blocks.push(blocks[row] ?? '');
  }
  return kept;
}
