import type { NumericSamples } from './column-samples.js';

/** Rows that share one value: how many of each side, and the mean of the ranks that they take in both sides together. */
export interface RankedTie {
  reference: number;
  current: number;
  rank: number;
}

/** Calls `visit` for each distinct value of both sides together, in ascending order. */
export function visitRanks({ reference, current }: Omit<NumericSamples, 'integers'>, visit: (tie: RankedTie) => void): void {
  for (let i = 0, j = 0; i < reference.length || j < current.length; ) {
    const value = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity);
    const [firstI, firstJ] = [i, j];
    while (reference[i] === value) i += 1;
    while (current[j] === value) j += 1;
    visit({ reference: i - firstI, current: j - firstJ, rank: (firstI + firstJ + 1 + i + j) / 2 });
  }
}
