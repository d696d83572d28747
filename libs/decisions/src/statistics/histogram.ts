/**
 * Counts per bin over pinned, ascending edges. There is one bin more than edges: bin i holds edge[i-1] <= x < edge[i],
 * the first and the last are open, so that a value outside the reference's range is still counted.
 */
export function histogramOf(values: Iterable<number>, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const bin = binOf(value, edges);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (edges[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Inner edges of Sturges' equal-width bins over both samples together, as numpy's `histogram_bin_edges(..., "sturges")`
 * has them for floating point data. The outermost edges are left out, since the outer bins of `histogramOf` are open.
 */
export function sturgesEdgesOf(reference: readonly number[], current: readonly number[]): number[] {
  let low = Infinity;
  let high = -Infinity;
  for (const sample of [reference, current]) {
    for (const value of sample) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const width = (high - low) / (Math.log2(reference.length + current.length) + 1);
  const bins = width > 0 ? Math.ceil((high - low) / width) : 1;
  return Array.from({ length: bins - 1 }, (_, i) => low + ((i + 1) * (high - low)) / bins);
}
