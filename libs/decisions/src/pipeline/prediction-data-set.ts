import type { ColumnDefinition, DataSetDefinition, Pipeline } from '@millrace/contracts';

/** What every prediction's record holds, before its features. */
const COLUMNS: readonly [name: string, type: ColumnDefinition['type'], optional?: boolean][] = [
  ['prediction_id', 'string'],
  ['request_id', 'string'],
  ['key', 'string'],
  ['event_time', 'timestamp'],
  ['predicted_at', 'timestamp'],
  ['model_version', 'long'],
  ['role', 'string'],
  ['served', 'boolean'],
  ['route_revision', 'long'],
  ['pipeline_version', 'long'],
  // Null for a version that broke while it scored.
  ['score', 'double', true],
  ['propensity', 'double'],
  ['latency_ms', 'double'],
  ['process', 'string'],
  ['sequence', 'long'],
];

/** Name of the prediction log's column that holds a feature as it was served. */
export function featureColumnOf(feature: string): string {
  return `f_${feature}`;
}

/** Columns of a pipeline's prediction log: one record per prediction and answering model version, features as served. */
export function predictionColumns(pipeline: Pick<Pipeline, 'features'>): ColumnDefinition[] {
  const fixed = COLUMNS.map(([name, type, optional]) => plainColumn(name, type, optional ?? false));
  return [...fixed, ...pipeline.features.map((feature) => plainColumn(featureColumnOf(feature.name), feature.type, true))];
}

/** The prediction log as a data set. Both of its clocks are the time for which the prediction was asked, so that a replay moves them as live traffic would. */
export function predictionDataSet(pipeline: Pick<Pipeline, 'id' | 'name' | 'features'>): DataSetDefinition {
  return {
    id: `${pipeline.id}.predictions`,
    name: `${pipeline.name}.predictions`,
    keyColumn: 'key',
    eventTimeColumn: 'event_time',
    knownAtColumn: 'event_time',
    partitions: null,
    columns: predictionColumns(pipeline),
    segmentChecks: [],
  };
}

function plainColumn(name: string, type: ColumnDefinition['type'], optional: boolean): ColumnDefinition {
  return { name, type, optional, from: null, to: null, matches: null, oneOf: null, failure: 'quarantine' };
}
