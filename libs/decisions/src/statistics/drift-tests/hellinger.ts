import type { CategoryCounts, NumericSamples } from './column-samples.js';
import { countsOfSamples, totalOf } from './column-samples.js';
import { countsBetween, sturgesEdgesBetween } from './binned-counts.js';

/** Hellinger distance of two distributions over categories: sqrt(1 - sum sqrt(p q)). */
export function hellingerOfCounts({ reference, current }: CategoryCounts): number {
  const [m, n] = [totalOf(reference), totalOf(current)];
  return distanceOf(reference.reduce((sum, count, i) => sum + Math.sqrt((count / m) * ((current[i] ?? 0) / n)), 0));
}

/** The same for numbers, as Evidently has it: over Sturges' bins of the set of distinct values, not of the rows. */
export function hellingerOfSamples(samples: NumericSamples): number {
  const { reference, current, integers } = samples;
  const low = Math.min(reference[0] ?? Infinity, current[0] ?? Infinity);
  const high = Math.max(reference.at(-1) ?? -Infinity, current.at(-1) ?? -Infinity);
  const edges = sturgesEdgesBetween(low, high, countsOfSamples(samples).reference.length, integers);
  const meanWidth = ((edges.at(-1) ?? NaN) - (edges[0] ?? NaN)) / (edges.length - 1);
  const other = densityOf(current, edges);
  return distanceOf(densityOf(reference, edges).reduce((sum, density, i) => sum + Math.sqrt(density * (other[i] ?? 0)) * meanWidth, 0));
}

function densityOf(sorted: Float64Array, edges: readonly number[]): number[] {
  return countsBetween(sorted, edges).map((count, i) => count / ((edges[i + 1] ?? NaN) - (edges[i] ?? NaN)) / sorted.length);
}

function distanceOf(affinity: number): number {
  return Math.sqrt(1 - Math.min(1, Math.max(0, affinity)));
}
