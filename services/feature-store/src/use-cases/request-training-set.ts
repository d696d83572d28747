import type { RunRequested } from '@millrace/contracts';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { FeatureViewRow } from '../store/feature-view.row.js';
import { TrainingSetRow } from '../store/training-set.row.js';

/** Writes down that a run needs a training set; a worker builds it. */
export async function requestTrainingSet(tx: Tx, request: RunRequested, wakeBuilder: () => void): Promise<void> {
  const view = await tx.get(FeatureViewRow, { pipeline: request.pipeline, state: 'active' }, 'feature-view-not-found');
  const [project] = request.pipeline.split('/');
  await tx.insert(TrainingSetRow, {
    trainingSet: `${project}/ts-${tx.newId()}`,
    pipeline: request.pipeline,
    run: request.run,
    state: 'requested',
    version: view.version,
    request,
    cascade: cascadeOf(tx.cause),
    requestedAt: tx.now,
    asOf: null,
    rows: null,
    window: null,
    because: [],
  });
  tx.afterCommit(wakeBuilder);
}
