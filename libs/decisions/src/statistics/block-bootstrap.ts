import type { ValueBlock } from './block-estimate.js';
import { quantilesOf } from './quantiles.js';
import { seededRandom } from './seeded-random.js';

/**
 * One-sided lower bound of the mean over rows by drawing whole blocks with replacement.
 * The spread is widened by sqrt(B / (B - 1)): a plain percentile interval over few blocks is too narrow. NaN with fewer than two.
 */
export function bootstrapLowerBoundOf(
  blocks: readonly ValueBlock[],
  alpha: number,
  { resamples, seed }: { resamples: number; seed: number },
): number {
  const used = blocks.filter((block) => block.rows > 0);
  if (used.length < 2) return NaN;
  const random = seededRandom(seed);
  const means = Array.from({ length: resamples }, () =>
    ratioOf(used.map(() => used[Math.floor(random() * used.length)] ?? { rows: 0, sum: 0 })),
  );
  const mean = ratioOf(used);
  const quantile = quantilesOf(means, [alpha])[0] ?? NaN;
  return mean + (quantile - mean) * Math.sqrt(used.length / (used.length - 1));
}

function ratioOf(blocks: readonly { rows: number; sum: number }[]): number {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  return blocks.reduce((sum, block) => sum + block.sum, 0) / rows;
}
