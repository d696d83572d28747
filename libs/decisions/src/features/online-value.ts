/** Compacted topic of online values; one partition, so that a progress record comes after the tiles that it speaks of. */
export const featureValueTopic = 'millrace.feature-store.feature-value';

/** A tile on the topic. */
export interface OnlineTile {
  kind: 'tile';
  series: string;
  entity: string;
  tileStartMs: number;
  partition: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  last: number;
  lastAtMs: number;
}

/** How far a partition of a data set is folded into the tiles on the topic. */
export interface FeatureProgress {
  kind: 'progress';
  dataSet: string;
  partition: number;
  /** Last offset of the data topic. */
  sourceOffset: number;
  watermarkMs: number;
}

/** Key of a tile on the topic. */
export function featureValueKeyOf({ series, entity, tileStartMs, partition }: Pick<OnlineTile, 'series' | 'entity' | 'tileStartMs' | 'partition'>): string {
  return `${series}|${tileStartMs}|${partition}|${entity}`;
}

/** The place that a tile's key names; undefined for a key of another kind. */
export function placeOfFeatureValueKey(key: string): Pick<OnlineTile, 'series' | 'entity' | 'tileStartMs' | 'partition'> | undefined {
  const [, series, tileStartMs, partition, entity] = /^([^|]+)\|(-?\d+)\|(\d+)\|(.*)$/s.exec(key) ?? [];
  if (series === undefined || entity === undefined) return undefined;
  return { series, entity, tileStartMs: Number(tileStartMs), partition: Number(partition) };
}

/** Key of a progress record on the topic. */
export function progressKeyOf(dataSet: string, partition: number): string {
  return `progress:${dataSet}/${partition}`;
}
