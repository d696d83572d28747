import type { EvaluationCompleted, TrainingSetCreated } from '@millrace/contracts';
import type { LossWindow } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { ReferenceRow } from '../store/reference.row.js';

/** What a run was trained on is the reference of the version that it may become; it is read when that version answers. */
export async function fileTrainingSet(tx: Tx, { pipeline, run, file, signature }: TrainingSetCreated): Promise<void> {
  await tx.lockKey(run);
  const row = await referenceRowOf(tx, pipeline, run);
  await tx.save(ReferenceRow, { ...row, trainingSet: { file, inputs: signature.inputs } });
}

/** The losses on the sealed hold-out are what the version's later losses are held against. */
export async function fileEvaluation(tx: Tx, { pipeline, run, holdOuts }: EvaluationCompleted): Promise<void> {
  await tx.lockKey(run);
  const row = await referenceRowOf(tx, pipeline, run);
  const recent = holdOuts.find(({ kind }) => kind === 'recent');
  const holdOutLosses = (recent?.blocks ?? []).map(
    ({ block, rows, challengerLoss }): LossWindow => ({ from: block, to: block, rows, meanLoss: challengerLoss, meanLabel: null, meanPrediction: null, rocAuc: null }),
  );
  await tx.save(ReferenceRow, { ...row, holdOutLosses });
}

async function referenceRowOf(tx: Tx, pipeline: string, run: string): Promise<ReferenceRow> {
  const known = await tx.find(ReferenceRow, { pipeline, run });
  return known ?? { pipeline, run, trainingSet: null, inputs: null, scores: null, holdOutLosses: [], firstOutcomes: [] };
}
