/** Both sides of a numeric column in ascending order, missing and infinite values left out. */
export interface NumericSamples {
  reference: Float64Array;
  current: Float64Array;
  /** Whether the column's type is an integer type: equal-width bins are at least 1 wide then. */
  integers: boolean;
}

/** How often each category occurs on both sides, categories in ascending order, missing values left out. */
export interface CategoryCounts {
  reference: readonly number[];
  current: readonly number[];
}

/** How often each distinct value occurs on both sides. */
export function countsOfSamples({ reference, current }: NumericSamples): CategoryCounts {
  const counts = { reference: [] as number[], current: [] as number[] };
  for (let i = 0, j = 0; i < reference.length || j < current.length; ) {
    const value = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity);
    const [firstI, firstJ] = [i, j];
    while (reference[i] === value) i += 1;
    while (current[j] === value) j += 1;
    counts.reference.push(i - firstI);
    counts.current.push(j - firstJ);
  }
  return counts;
}

/** How many distinct values both sides have together, counted up to a limit. */
export function distinctOf({ reference, current }: NumericSamples, limit: number): number {
  let distinct = 0;
  for (let i = 0, j = 0; (i < reference.length || j < current.length) && distinct < limit; distinct += 1) {
    const value = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity);
    i = firstAbove(reference, value, i);
    j = firstAbove(current, value, j);
  }
  return distinct;
}

/** Index of the first element that exceeds the value, searched from an index on. */
export function firstAbove(sorted: Float64Array, value: number, from = 0): number {
  let [low, high] = [from, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first element that is not below the value. */
export function firstNotBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function totalOf(counts: readonly number[]): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
