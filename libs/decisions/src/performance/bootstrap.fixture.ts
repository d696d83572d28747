import { varianceOf } from '../statistics/moments.js';
import { seededRandom } from '../statistics/seeded-random.js';
import type { OutcomeColumns } from './block-jackknife.js';

const RESAMPLES = 800;

/** Standard error of a measure by drawing whole blocks with replacement. */
export function bootstrapOf({ predictions, labels, blocks }: OutcomeColumns, measure: (predictions: readonly number[], labels: readonly number[]) => number): number {
  const random = seededRandom(3);
  const rowsOf = Map.groupBy(blocks.keys(), (row) => blocks[row] ?? '');
  const members = [...rowsOf.values()];
  const drawn = Array.from({ length: RESAMPLES }, () => {
    const rows = members.flatMap(() => members[Math.floor(random() * members.length)] ?? []);
    return measure(rows.map((row) => predictions[row] ?? NaN), rows.map((row) => labels[row] ?? NaN));
  });
  return Math.sqrt(varianceOf(drawn));
}
