import type { Artifact, HoldOutResult } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { RunRow } from '../store/run.row.js';

/** What the platform measured on sealed rows. */
export interface Evaluation {
  holdOuts: HoldOutResult[];
  rowLosses: Artifact;
}

/** Publishes the evaluation; the registry judges it. Once per run. */
export async function completeEvaluation(tx: Tx, run: string, { holdOuts, rowLosses }: Evaluation): Promise<void> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  const { model, parity, trainingSet, environment, definition } = row;
  if (row.state !== 'trained' || !model || !parity || !trainingSet || !environment) return;
  const data = {
    pipeline: row.pipeline,
    run,
    model,
    signature: trainingSet.signature,
    ...(row.asksAfterShadow ? { asksAfterShadow: true } : {}),
    champion: row.champion,
    holdOuts,
    parity,
    rowLosses,
    trainingSet: trainingSet.trainingSet,
    trainingRows: trainingSet.rows,
    window: trainingSet.window,
    dataSetVersions: trainingSet.dataSetVersions,
    featureView: trainingSet.featureView,
    ...environment,
    parameters: definition.training.parameters,
    seed: definition.training.seed,
  };
  const causationId = tx.emit('millrace.training.evaluation.completed.v1', data, row.cascade);
  await tx.save(RunRow, { ...row, state: 'evaluated', holdOuts, cascade: { ...row.cascade, causationId } });
}
