import type { EvaluationCompleted, TrainingSetCreated } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { ReferenceRow } from '../store/reference.row.js';

/** What a run was trained on is the reference of the version that it may become; it is read when that version answers. */
export async function fileTrainingSet(tx: Tx, { pipeline, run, file, signature }: TrainingSetCreated): Promise<void> {
  await tx.lockKey(run);
  const row = await referenceRowOf(tx, pipeline, run);
  await tx.save(ReferenceRow, { ...row, trainingSet: { file, inputs: signature.inputs } });
}

/** The losses on the sealed hold-out are what the version's later losses are held against. */
export async function fileEvaluation(tx: Tx, { pipeline, run, rowLosses }: EvaluationCompleted): Promise<void> {
  await tx.lockKey(run);
  const row = await referenceRowOf(tx, pipeline, run);
  await tx.save(ReferenceRow, { ...row, rowLosses });
}

async function referenceRowOf(tx: Tx, pipeline: string, run: string): Promise<ReferenceRow> {
  const known = await tx.find(ReferenceRow, { pipeline, run });
  return known ?? { pipeline, run, trainingSet: null, inputs: null, scores: null, rowLosses: null, holdOutLosses: [], firstOutcomes: [] };
}
