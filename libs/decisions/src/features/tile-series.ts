import type { AggregateFeature } from '@millrace/contracts';

/**
 * Name of the tiles that an aggregate is merged from. Aggregates over one column by one group, clock and tile length share them, whatever their window,
 * their pipeline version or their name, so that an older model version keeps its values when a feature is changed.
 */
export function tileSeriesOf(feature: Pick<AggregateFeature, 'dataSet' | 'column' | 'by' | 'everyMs' | 'time'>): string {
  return [feature.dataSet, feature.column ?? '*', feature.by, feature.everyMs, feature.time].join(':');
}
