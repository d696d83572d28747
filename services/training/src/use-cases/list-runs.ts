import type { TrainingRun } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { RunRow } from '../store/run.row.js';

/** Runs of a pipeline, newest first. */
export async function listRuns(tx: ReadTx, pipeline: string, limit: number): Promise<TrainingRun[]> {
  const rows = await tx.findMany(RunRow, { where: { pipeline }, order: { requestedAt: 'DESC' }, take: limit });
  return rows.map(describeRun);
}

export async function getRun(tx: ReadTx, run: string): Promise<TrainingRun> {
  return describeRun(await tx.get(RunRow, { run }, 'run-not-found'));
}

function describeRun(row: RunRow): TrainingRun {
  const { run, pipeline, pipelineVersion, trigger, cause, incident, estimatedLossPerDay, state, attempt, trainingSet, model, metrics, holdOuts, because } = row;
  return {
    run,
    pipeline,
    pipelineVersion,
    trigger,
    cause,
    incident,
    estimatedLossPerDay,
    state,
    attempt,
    requestedAt: row.requestedAt.toISOString(),
    trainingSet: trainingSet?.trainingSet ?? null,
    trainingRows: trainingSet?.rows ?? null,
    model,
    metrics,
    holdOuts,
    because,
  };
}
