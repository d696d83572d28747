import type { CategoryCounts, NumericSamples } from './column-samples.js';
import { countsOfSamples, firstAbove, firstNotBelow } from './column-samples.js';

/** Evidently bins a numeric column only when the reference has more distinct values. */
const UNBINNED_VALUES = 20;

/** The counts that Evidently's PSI, Kullback-Leibler and Jensen-Shannon compare: Sturges' bins over both sides, or one bin a value where the reference has few. */
export function binnedCountsOf(samples: NumericSamples): CategoryCounts {
  if (!hasMoreDistinctThan(samples.reference, UNBINNED_VALUES)) return countsOfSamples(samples);
  const { reference, current, integers } = samples;
  const low = Math.min(reference[0] ?? Infinity, current[0] ?? Infinity);
  const high = Math.max(reference.at(-1) ?? -Infinity, current.at(-1) ?? -Infinity);
  const edges = sturgesEdgesBetween(low, high, reference.length + current.length, integers);
  return { reference: countsBetween(reference, edges), current: countsBetween(current, edges) };
}

/**
 * Edges of equal-width bins as numpy's `histogram_bin_edges(..., 'sturges')` has them: width (high - low) / (log2(rows) + 1), at least 1
 * for integers (numpy 2), the number of bins rounded up; of constant data one bin from half below to half above.
 */
export function sturgesEdgesBetween(low: number, high: number, rows: number, integers: boolean): number[] {
  const ideal = (high - low) / (Math.log2(rows) + 1);
  const width = integers && ideal < 1 ? 1 : ideal;
  const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const bins = ideal > 0 ? Math.ceil((last - first) / width) : 1;
  const step = (last - first) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? last : i * step + first));
}

/** Counts of a sorted sample between ascending edges; a value on an edge belongs to the bin above it, on the last edge to the last bin. */
export function countsBetween(sorted: Float64Array, edges: readonly number[]): number[] {
  const starts = edges.slice(0, -1).map((edge) => firstNotBelow(sorted, edge));
  const end = firstAbove(sorted, edges.at(-1) ?? Infinity);
  return starts.map((start, i) => (starts[i + 1] ?? end) - start);
}

function hasMoreDistinctThan(sorted: Float64Array, limit: number): boolean {
  let distinct = 0;
  for (let i = 0; i < sorted.length && distinct <= limit; i = firstAbove(sorted, sorted[i] ?? NaN, i)) distinct += 1;
  return distinct > limit;
}
