/**
 * Quantiles of a sample at the given shares, linear between order statistics (type 7, the default of numpy and R).
 * NaN for an empty sample. The sample need not be sorted.
 */
export function quantilesOf(sample: readonly number[], shares: readonly number[]): number[] {
  const sorted = Float64Array.from(sample).sort();
  return shares.map((share) => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const low = sorted[below] ?? NaN;
    const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
    return low + (high - low) * (position - below);
  });
}
