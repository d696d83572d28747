import type { TrainingSet } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { HoldOutRow } from '../store/hold-out.row.js';
import { TrainingSetRow } from '../store/training-set.row.js';

/** Training sets of a pipeline, newest first. */
export async function listTrainingSets(tx: ReadTx, pipeline: string, limit: number): Promise<TrainingSet[]> {
  const rows = await tx.findMany(TrainingSetRow, { where: { pipeline }, order: { requestedAt: 'DESC' }, take: limit });
  const holdOuts = await tx.findMany(HoldOutRow, { where: { trainingSet: In(rows.map((row) => row.trainingSet)) }, order: { holdOut: 'ASC' } });
  return rows.map(({ trainingSet, run, state, asOf, rows: count, window, because }) => ({
    trainingSet,
    pipeline,
    run,
    state,
    asOf: asOf?.toISOString() ?? null,
    rows: count,
    window,
    holdOuts: holdOuts.filter((holdOut) => holdOut.trainingSet === trainingSet).map((holdOut) => holdOut.holdOut),
    because,
  }));
}
