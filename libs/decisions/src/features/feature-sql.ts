import type { AggregateFeature, DataSetDefinition, FeatureDefinition, RowFeature } from '@millrace/contracts';
import { LONGEST_ENTITY_CHARACTERS } from './entity.js';
import { sqlName, sqlSumInOrder, sqlTileStart } from './sql-text.js';

/** More than the partitions that a data set may have (1,000). */
const MOST_PARTITIONS = 1024;

/** DuckDB SQL for a feature of the relation `spine` (its columns, `_at_ms`) with the aggregates' relations joined: the same value as the online path. */
export function sqlOf(feature: FeatureDefinition): string {
  if (feature.kind !== 'aggregate') return rowSql(feature);
  const value = `${mergedRelation(feature)}.value`;
  return feature.aggregate === 'count' ? `CAST(coalesce(${value}, 0) AS BIGINT)` : feature.aggregate === 'sum' ? `coalesce(${value}, 0.0)` : value;
}

function rowSql(feature: RowFeature): string {
  const column = `spine.${sqlName(feature.column)}`;
  if (feature.kind === 'column') return feature.type === 'long' ? `CAST(${column} AS BIGINT)` : column;
  const [unitMs, shift, modulus] = feature.kind === 'hourOf' ? [3_600_000, 0, 24] : [86_400_000, 4, 7];
  return `(((CAST(floor(epoch_ms(${column}) / ${unitMs}.0) AS BIGINT) + ${shift}) % ${modulus}) + ${modulus}) % ${modulus}`;
}

/**
 * Common table expressions that compute an aggregate for every group and window that the spine asks for, from the relation `source`. Each window is joined with its tiles by equality,
 * and what must keep an order is sorted as a list: an ordered aggregate or a window function holds many times the memory.
 */
export function aggregateRelations(feature: AggregateFeature, dataSet: DataSetDefinition, source: string): string[] {
  const [tiles, merged] = ['tiles', 'merged'].map((part) => relation(part, feature)) as [string, string];
  const toMs = sqlTileStart('_at_ms', feature.everyMs);
  const place = `tile_start // ${feature.everyMs} * ${MOST_PARTITIONS} + _partition`;
  return [
    `${tiles} AS MATERIALIZED (${tilesSql(feature, dataSet, source)})`,
    `${merged} AS (
  SELECT entity, to_ms, ${mergeSql(feature.aggregate)} AS value
  FROM (
    SELECT entity, to_ms, list_sort(list({'place': ${place}, ${partSql(feature.aggregate)}})) AS inside, sum("count") AS counted
    FROM (
      SELECT entity, to_ms, unnest(range(to_ms - ${feature.windowMs}, to_ms, ${feature.everyMs})) AS tile_start
      FROM (SELECT DISTINCT CAST(${sqlName(feature.on)} AS VARCHAR) AS entity, ${toMs} AS to_ms FROM spine WHERE ${sqlName(feature.on)} IS NOT NULL))
    JOIN ${tiles} USING (entity, tile_start)
    GROUP BY entity, to_ms))`,
  ];
}

/** The join that brings an aggregate's values to the spine. */
export function aggregateJoin(feature: AggregateFeature): string {
  const merged = mergedRelation(feature);
  return `LEFT JOIN ${merged} ON ${merged}.entity = CAST(spine.${sqlName(feature.on)} AS VARCHAR) AND ${merged}.to_ms = ${sqlTileStart('spine._at_ms', feature.everyMs)}`;
}

/** Tiles of the times that the spine's windows reach. */
function tilesSql(feature: AggregateFeature, dataSet: DataSetDefinition, source: string): string {
  const reach = `INTERVAL ${feature.windowMs + feature.everyMs} MILLISECONDS`;
  return seriesTilesSql(feature, dataSet, source, (time) => `${time} >= (SELECT min(_event_time) FROM spine) - ${reach} AND ${time} < (SELECT max(_event_time) FROM spine)`);
}

/**
 * Every tile of a feature's series from the rows of a relation (the data set's columns, `_partition`, `_offset`): `entity`, `tile_start`, `_partition`, `count`, `sum`, `min`, `max`,
 * `last`, `last_at`, times in milliseconds. `within` gives the condition on the clock's column. The sums are those that `addToTile` makes record by record.
 */
export function seriesTilesSql(feature: AggregateFeature, dataSet: DataSetDefinition, source: string, within: (time: string) => string): string {
  const time = sqlName(feature.time === 'knownAt' ? dataSet.knownAtColumn : dataSet.eventTimeColumn);
  const value = feature.column === null ? '1.0::DOUBLE' : `CAST(${sqlName(feature.column)} AS DOUBLE)`;
  return `
  SELECT entity, tile_start, _partition, "count", ${sqlSumInOrder('records')} AS "sum", "min", "max", "last", last_at
  FROM (
    SELECT entity, ${sqlTileStart('at_ms', feature.everyMs)} AS tile_start, _partition, count(*) AS "count", list_sort(list({'offset': _offset, 'value': value})) AS records,
      min(value) AS "min", max(value) AS "max", arg_max(value, (at_ms, _offset)) AS "last", max(at_ms) AS last_at
    FROM (
      SELECT CAST(${sqlName(feature.by)} AS VARCHAR) AS entity, epoch_ms(${time}) AS at_ms, ${value} AS value, _partition, _offset FROM ${source}
      WHERE ${within(time)})
    WHERE length(entity) <= ${LONGEST_ENTITY_CHARACTERS} AND value IS NOT NULL
    GROUP BY entity, tile_start, _partition)`;
}

/** What a tile brings to its window, sorted by place: the order in which the online path merges. */
function partSql(aggregate: AggregateFeature['aggregate']): string {
  if (aggregate === 'last') return `'at': last_at, 'value': "last"`;
  return `'value': ${aggregate === 'mean' ? '"sum"' : `"${aggregate}"`}`;
}

function mergeSql(aggregate: AggregateFeature['aggregate']): string {
  if (aggregate === 'mean') return `${sqlSumInOrder('inside')} / counted::DOUBLE`;
  if (aggregate === 'sum') return sqlSumInOrder('inside');
  if (aggregate === 'count') return 'counted::BIGINT';
  if (aggregate === 'last') return `list_reduce(inside, lambda a, b: CASE WHEN b['at'] >= a['at'] THEN b ELSE a END)['value']`;
  return `list_${aggregate}(list_transform(inside, lambda part: part['value']))`;
}

function mergedRelation(feature: AggregateFeature): string {
  return relation('merged', feature);
}

function relation(part: string, feature: AggregateFeature): string {
  return sqlName(`${part}_${feature.name}`);
}
