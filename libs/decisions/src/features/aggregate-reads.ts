import type { AggregateFeature, FeatureDefinition } from '@millrace/contracts';
import { entityOf } from './entity.js';
import { windowOf } from './tile.js';

/** Which tiles a feature's value needs. */
export interface AggregateRead {
  feature: AggregateFeature;
  /** Undefined when the record names no group: the value is that of an empty window. */
  entity: string | undefined;
  fromMs: number;
  toMs: number;
}

/** The tiles that a record's aggregates need as of an instant; their values come from `mergeTiles`. */
export function aggregateReads({ features }: { features: readonly FeatureDefinition[] }, record: Readonly<Record<string, unknown>>, atMs: number): AggregateRead[] {
  return features.flatMap((feature) => (feature.kind === 'aggregate' ? [{ feature, entity: entityOf(record[feature.on]), ...windowOf(feature, atMs) }] : []));
}
