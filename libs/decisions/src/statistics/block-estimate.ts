import { studentTQuantile } from './student-t-distribution.js';

/** Values of the rows of one block (a day, an entity), summed up: all that an estimate over blocks needs. */
export interface ValueBlock {
  block: string;
  rows: number;
  sum: number;
  squareSum: number;
}

/** A mean over rows whose uncertainty comes from the blocks. */
export interface BlockEstimate {
  mean: number;
  /** Standard error of the mean; NaN with fewer than two blocks. */
  standardError: number;
  blocks: number;
  rows: number;
  /** How many independent rows would give the same standard error; rows within a block resemble one another. */
  effectiveRows: number;
}

/**
 * Mean over all rows with the cluster-robust standard error of a ratio:
 * sqrt(B / (B - 1) * sum over blocks of (sum_b - mean * rows_b)^2) / rows. Blocks without rows are left out.
 */
export function blockEstimateOf(blocks: readonly ValueBlock[]): BlockEstimate {
  const used = blocks.filter((block) => block.rows > 0);
  const rows = used.reduce((sum, block) => sum + block.rows, 0);
  const mean = used.reduce((sum, block) => sum + block.sum, 0) / rows;
  const residuals = used.reduce((sum, block) => sum + (block.sum - mean * block.rows) ** 2, 0);
  const standardError = used.length > 1 ? Math.sqrt((used.length / (used.length - 1)) * residuals) / rows : NaN;
  return { mean, standardError, blocks: used.length, rows, effectiveRows: effectiveRowsOf(used, mean, rows, standardError) };
}

/** One-sided lower confidence bound of the mean: Student's t over blocks. NaN with fewer than two blocks. */
export function lowerBoundOf(estimate: BlockEstimate, alpha: number): number {
  if (estimate.blocks < 2) return NaN;
  return estimate.mean - studentTQuantile(1 - alpha, estimate.blocks - 1) * estimate.standardError;
}

/** One-sided upper confidence bound of the mean: Student's t over blocks. NaN with fewer than two blocks. */
export function upperBoundOf(estimate: BlockEstimate, alpha: number): number {
  return 2 * estimate.mean - lowerBoundOf(estimate, alpha);
}

function effectiveRowsOf(blocks: readonly ValueBlock[], mean: number, rows: number, standardError: number): number {
  const squareSum = blocks.reduce((sum, block) => sum + block.squareSum, 0);
  const rowVariance = Math.max(0, squareSum / rows - mean * mean);
  if (!(standardError > 0)) return Number.isNaN(standardError) ? blocks.length : rows;
  return Math.min(rows, Math.max(1, rowVariance / standardError ** 2));
}
