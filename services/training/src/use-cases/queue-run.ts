import type { TrainingSetCreated } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { RunRow } from '../store/run.row.js';

/** The training set is there: the run waits for its turn. */
export async function queueRun(tx: Tx, trainingSet: TrainingSetCreated): Promise<void> {
  const row = await tx.lock(RunRow, { run: trainingSet.run }, 'run-not-found');
  if (row.state !== 'waiting-for-training-set') return;
  await tx.save(RunRow, { ...row, state: 'queued', trainingSet, cascade: { ...row.cascade, causationId: tx.cause.id } });
}
