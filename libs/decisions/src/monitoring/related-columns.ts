import { meanOf } from '../statistics/moments.js';

/** Below so many windows a correlation says nothing. */
const FEWEST_WINDOWS = 10;
const RELATED = 0.8;

/**
 * Groups of columns that moved together in the reference: those whose levels over its windows are correlated by 0.8 or more belong
 * together, and whoever belongs to one of them belongs to all (single linkage). What moves one moves them all, so that they are one cause.
 * @param levels of each column, over the same windows
 * @returns the number of the group of each column, which is the index of its first column
 */
export function relatedColumns(levels: readonly (readonly number[])[]): number[] {
  const groups = levels.map((_, column) => column);
  levels.forEach((series, a) => {
    for (let b = 0; b < a; b += 1) {
      const [mine, other] = [groups[a] ?? a, groups[b] ?? b];
      if (mine === other || correlationOf(series, levels[b] ?? []) < RELATED) continue;
      groups.forEach((group, i) => (groups[i] = group === Math.max(mine, other) ? Math.min(mine, other) : group));
    }
  });
  return groups;
}

/** Pearson's; 0 when one of the two never changes or there are too few windows. */
function correlationOf(a: readonly number[], b: readonly number[]): number {
  if (a.length < FEWEST_WINDOWS || a.length !== b.length) return 0;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - meanA, (b[i] ?? 0) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
