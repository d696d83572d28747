import type { FeatureDefinition, RowFeature } from '@millrace/contracts';
import { hourOf, instantMsOf, weekdayOf } from './instant.js';

export type FeatureValue = number | string | null;

/** The features that come from the record alone, by name; the aggregates of the list are left to `aggregateReads`. An absent column is null. */
export function transformRow({ features }: { features: readonly FeatureDefinition[] }, record: Readonly<Record<string, unknown>>): Record<string, FeatureValue> {
  const values: Record<string, FeatureValue> = {};
  for (const feature of features) {
    if (feature.kind !== 'aggregate') values[feature.name] = rowFeatureValue(feature, record[feature.column]);
  }
  return values;
}

function rowFeatureValue(feature: RowFeature, value: unknown): FeatureValue {
  if (value === null || value === undefined) return null;
  if (feature.kind === 'column') return plainValue(value);
  const instantMs = instantMsOf(value);
  if (instantMs === undefined) return null;
  return feature.kind === 'hourOf' ? hourOf(instantMs) : weekdayOf(instantMs);
}

function plainValue(value: unknown): FeatureValue {
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}
