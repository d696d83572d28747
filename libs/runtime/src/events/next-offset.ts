/**
 * The offset to commit for a batch of which some records are settled (handled, parked or dead letters): that of the first record
 * that is not, or the one behind the batch.
 */
export function nextOffset(offsets: readonly bigint[], settled: ReadonlySet<bigint>): bigint | null {
  const firstOpen = offsets.find((offset) => !settled.has(offset));
  if (firstOpen !== undefined) return firstOpen;
  const last = offsets.at(-1);
  return last === undefined ? null : last + 1n;
}
