import type { AggregateFeature, DataSetDefinition, LabelDefinition, Pipeline } from '@millrace/contracts';
import { dataSetOf, spineOf } from '../pipeline/definition-lookup.js';
import { aggregateJoin, aggregateRelations, sqlOf } from './feature-sql.js';
import { labelValueSql } from './label-value.js';
import { sqlInstant, sqlName, sqlText, sqlTypeOf } from './sql-text.js';

/** A stretch of event time, `[fromMs, toMs)`. */
export interface Stretch {
  fromMs: number;
  toMs: number;
}

/** What to read and which rows to make. */
export interface TrainingSetPlan {
  pipeline: Pick<Pipeline, 'id' | 'dataSets' | 'predict' | 'features' | 'label'>;
  /** Local paths of the Parquet files of each data set (id) at the version that is read. */
  files: Readonly<Record<string, readonly string[]>>;
  /** What became known later does not exist for this training set. */
  asOfMs: number;
  window: Stretch;
  /** Stretches inside the window that are left out. */
  excluded: readonly Stretch[];
}

/**
 * DuckDB SQL of a point-in-time correct training set: `_key` (text), `_event_time`, the features in the pipeline's order, `_label`. Each feature has the value that was served
 * at the row's event time; the label is the newest one known as of the plan's time; rows without a label are left out. Of records with one key the last counts.
 */
export function trainingSetSql(plan: TrainingSetPlan): string {
  const { label } = plan.pipeline;
  const labels = dataSetOf(plan.pipeline, label.dataSet);
  return `WITH ${[...relationsOf(plan), `labels AS (${labelsSql(labels, label, plan.asOfMs)})`].join(',\n')}
SELECT ${[...columnsOf(plan), `${labelValueSql(label, labels, 'labels.value')} AS _label`].join(', ')}
FROM spine JOIN labels ON labels._key = spine._key
${joinsOf(plan).join('\n')}
ORDER BY spine._event_time, spine._key`;
}

/** The same rows without their label, also those that have none yet: `_key`, `_event_time` and the features. */
export function featureRowsSql(plan: TrainingSetPlan): string {
  return `WITH ${relationsOf(plan).join(',\n')}
SELECT ${columnsOf(plan).join(', ')}
FROM spine
${joinsOf(plan).join('\n')}
ORDER BY spine._event_time, spine._key`;
}

function columnsOf({ pipeline }: TrainingSetPlan): string[] {
  return ['spine._key AS _key', 'spine._event_time AS _event_time', ...pipeline.features.map((feature) => `${sqlOf(feature)} AS ${sqlName(feature.name)}`)];
}

function joinsOf({ pipeline }: TrainingSetPlan): string[] {
  return aggregatesOf(pipeline).map(aggregateJoin);
}

function relationsOf(plan: TrainingSetPlan): string[] {
  const { pipeline } = plan;
  const used = pipeline.dataSets.filter((dataSet) => [pipeline.predict.dataSet, pipeline.label.dataSet, ...aggregatesOf(pipeline).map((feature) => feature.dataSet)].includes(dataSet.id));
  return [
    ...used.map((dataSet) => `${sourceOf(dataSet)} AS (${filesSql(dataSet, plan.files[dataSet.id] ?? [])})`),
    `spine AS MATERIALIZED (${spineSql(spineOf(pipeline), plan)})`,
    ...aggregatesOf(pipeline).flatMap((feature) => aggregateRelations(feature, dataSetOf(pipeline, feature.dataSet), sourceOf(dataSetOf(pipeline, feature.dataSet)))),
  ];
}

function aggregatesOf({ features }: Pick<Pipeline, 'features'>): AggregateFeature[] {
  return features.filter((feature): feature is AggregateFeature => feature.kind === 'aggregate');
}

function sourceOf(dataSet: DataSetDefinition): string {
  return sqlName(`source_${dataSet.name}`);
}

/** The data set's rows with its declared types, also where a column is younger than a file or there is no file yet. */
function filesSql(dataSet: DataSetDefinition, files: readonly string[]): string {
  const columns = [...dataSet.columns.map(({ name, type }) => [name, sqlTypeOf(type)] as const), ['_partition', 'INTEGER'] as const, ['_offset', 'BIGINT'] as const];
  const typed = `SELECT ${columns.map(([name, type]) => `NULL::${type} AS ${sqlName(name)}`).join(', ')} WHERE false`;
  if (files.length === 0) return typed;
  const rows = `(${typed}) UNION ALL BY NAME (FROM read_parquet([${files.map(sqlText).join(', ')}], union_by_name = true))`;
  return `SELECT ${columns.map(([name]) => sqlName(name)).join(', ')} FROM (${rows})`;
}

function spineSql(spine: DataSetDefinition, plan: TrainingSetPlan): string {
  const [key, time] = [sqlName(spine.keyColumn), sqlName(spine.eventTimeColumn)];
  const inside = [plan.window].map((stretch) => stretchSql('_event_time', stretch));
  const outside = plan.excluded.map((stretch) => `NOT (${stretchSql('_event_time', stretch)})`);
  return `
  SELECT * FROM (
    SELECT *, CAST(${key} AS VARCHAR) AS _key, ${time} AS _event_time, epoch_ms(${time}) AS _at_ms FROM ${sourceOf(spine)}
    WHERE ${sqlName(spine.knownAtColumn)} <= ${sqlInstant(plan.asOfMs)}
    QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ${sqlName(spine.knownAtColumn)} DESC, _partition DESC, _offset DESC) = 1)
  WHERE ${[...inside, ...outside].join(' AND ')}`;
}

function stretchSql(time: string, stretch: Stretch): string {
  return `${time} >= ${sqlInstant(stretch.fromMs)} AND ${time} < ${sqlInstant(stretch.toMs)}`;
}

function labelsSql(labels: DataSetDefinition, label: LabelDefinition, asOfMs: number): string {
  const [key, known] = [sqlName(labels.keyColumn), sqlName(labels.knownAtColumn)];
  return `
  SELECT CAST(${key} AS VARCHAR) AS _key, ${sqlName(label.column)} AS value FROM ${sourceOf(labels)}
  WHERE ${known} <= ${sqlInstant(asOfMs)} AND ${sqlName(label.column)} IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ${known} DESC, _partition DESC, _offset DESC) = 1`;
}
