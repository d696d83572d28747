import type { AggregateFeature, DataSetDefinition } from '@millrace/contracts';
import { entityOf } from './entity.js';
import { instantMsOf } from './instant.js';
import { tileStartOf } from './tile.js';

/** What one record adds to one feature. */
export interface Contribution {
  entity: string;
  tileStartMs: number;
  value: number;
  atMs: number;
}

/** What an accepted record of the feature's data set adds to it; undefined when its group, time or value is null. A count of records adds 1 each. */
export function contributionOf(feature: AggregateFeature, dataSet: DataSetDefinition, record: Readonly<Record<string, unknown>>): Contribution | undefined {
  const entity = entityOf(record[feature.by]);
  const atMs = instantMsOf(record[feature.time === 'knownAt' ? dataSet.knownAtColumn : dataSet.eventTimeColumn]);
  const value = feature.column === null ? 1 : record[feature.column];
  if (entity === undefined || atMs === undefined || typeof value !== 'number') return undefined;
  return { entity, tileStartMs: tileStartOf(atMs, feature.everyMs), value, atMs };
}
