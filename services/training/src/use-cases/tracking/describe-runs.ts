import type { ReadTx } from '@millrace/runtime';
import type { TrackedRunRow } from '../../store/tracked-run.row.js';
import { mlflowNumber } from './mlflow-number.js';

interface Metric {
  run_id: string;
  key: string;
  value: number;
  timestamp: number;
  step: number;
}
interface Pair {
  run_id: string;
  key: string;
  value: string;
}

/** Runs in MLflow's form: metrics hold the last value of each key, by step, time and value. */
export async function describeRuns(tx: ReadTx, rows: readonly TrackedRunRow[]): Promise<object[]> {
  const ids = [rows.map(({ runId }) => runId)];
  const metrics = await tx.query<Metric>(
    `select distinct on (run_id, key) run_id, key, value, timestamp, step from tracking_metrics where run_id = any($1)
     order by run_id, key, step desc, timestamp desc, value desc`,
    ids,
  );
  const params = await tx.query<Pair>('select run_id, key, value from tracking_params where run_id = any($1) order by key', ids);
  const tags = await tx.query<Pair>('select run_id, key, value from tracking_tags where run_id = any($1) order by key', ids);
  return rows.map((row) => ({
    info: runInfoOf(row),
    data: {
      metrics: metrics.filter(({ run_id }) => run_id === row.runId).map(metricOf),
      params: pairsOf(params, row),
      tags: pairsOf(tags, row),
    },
    inputs: row.inputs.length === 0 ? {} : { dataset_inputs: row.inputs },
  }));
}

export function runInfoOf(row: TrackedRunRow): object {
  return {
    run_id: row.runId,
    run_uuid: row.runId,
    run_name: row.runName,
    experiment_id: String(row.experimentId),
    user_id: row.userId,
    status: row.status,
    start_time: row.startTime,
    ...(row.endTime === null ? {} : { end_time: row.endTime }),
    artifact_uri: `mlflow-artifacts:/${row.experimentId}/${row.runId}/artifacts`,
    lifecycle_stage: row.lifecycleStage,
  };
}

export function metricOf({ key, value, timestamp, step }: Omit<Metric, 'run_id'>): object {
  return { key, value: mlflowNumber(value), timestamp, step };
}

function pairsOf(pairs: readonly Pair[], { runId }: TrackedRunRow): object[] {
  return pairs.filter(({ run_id }) => run_id === runId).map(({ key, value }) => ({ key, value }));
}
