import type { ServingSpec } from '@millrace/contracts';
import { aggregateReads, mergeTiles, tileSeriesOf, transformRow } from '@millrace/decisions';
import type { FeatureValue } from '@millrace/decisions';
import type { OnlineTiles } from '../adapters/online-tiles.js';

/** The features of a record as of an instant, in the model's order. */
export function featuresOf(tiles: OnlineTiles, { features }: Pick<ServingSpec, 'features'>, record: Readonly<Record<string, unknown>>, atMs: number): Record<string, FeatureValue> {
  const values = transformRow({ features }, record);
  for (const { feature, entity, fromMs, toMs } of aggregateReads({ features }, record, atMs)) {
    const inside = entity === undefined ? [] : tiles.read(tileSeriesOf(feature), entity, feature.everyMs, fromMs, toMs);
    values[feature.name] = mergeTiles(inside, fromMs, toMs, feature.aggregate);
  }
  return values;
}

/** Data sets whose online tiles the features need. */
export function aggregatedDataSets({ features }: Pick<ServingSpec, 'features'>): string[] {
  return [...new Set(features.flatMap((feature) => (feature.kind === 'aggregate' ? [feature.dataSet] : [])))];
}
