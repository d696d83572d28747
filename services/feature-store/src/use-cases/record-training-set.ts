import type { Finding, TimeWindow, TrainingSetCreated } from '@millrace/contracts';
import { judgeTrainingSet, signatureOf } from '@millrace/decisions';
import type { Stretch } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import type { BuiltTrainingSet, SealedRows, TrainingSetOrder } from '../adapters/training-set-builder.js';
import { viewRefOf } from '../store/feature-view.row.js';
import type { FeatureViewRow } from '../store/feature-view.row.js';
import { HoldOutRow } from '../store/hold-out.row.js';
import { TrainingSetRow } from '../store/training-set.row.js';

export interface TrainingSetResult {
  row: TrainingSetRow;
  view: FeatureViewRow;
  order: TrainingSetOrder;
  pinned: HoldOutRow | null;
  built: BuiltTrainingSet;
}

/** Tells the run that its training set is there, or why it cannot be. */
export async function recordTrainingSet(tx: Tx, result: TrainingSetResult): Promise<void> {
  const { built, order, row } = result;
  const because = judgeTrainingSet(order.pipeline, { rows: built.rows, positives: built.positives, holdOutRows: built.recent.rows });
  if (because.some((finding) => !finding.passed)) return refuseTrainingSet(tx, row, because);
  const requested = await tx.lock(TrainingSetRow, { trainingSet: row.trainingSet }, 'training-set-not-found');
  if (requested.state !== 'requested') return;
  await tx.save(TrainingSetRow, { ...requested, state: 'created', asOf: new Date(order.asOfMs), rows: built.rows, window: timeWindowOf(built.windows.training), because });
  const holdOuts = await saveHoldOuts(tx, result);
  tx.emit('millrace.feature-store.training-set.created.v1', createdEvent(result, holdOuts), causedBy(row));
}

/** Tells the run that there will be no training set. */
export async function refuseTrainingSet(tx: Tx, row: TrainingSetRow, because: Finding[]): Promise<void> {
  const { trainingSet, pipeline, run } = row;
  const requested = await tx.lock(TrainingSetRow, { trainingSet }, 'training-set-not-found');
  if (requested.state !== 'requested') return;
  await tx.save(TrainingSetRow, { ...requested, state: 'refused', because });
  tx.emit('millrace.feature-store.training-set.refused.v1', { pipeline, run, because }, causedBy(row));
}

/** The request made the answer, not the worker's timer. */
function causedBy({ cascade }: TrainingSetRow): { causationId: string } {
  return { causationId: cascade.causationId };
}

/** The new recent hold-out, and the pinned one as it was or sealed again for features that changed. */
async function saveHoldOuts(tx: Tx, { row, view, built, pinned }: TrainingSetResult): Promise<HoldOutRow[]> {
  const [project] = row.pipeline.split('/');
  const toRow = (kind: HoldOutRow['kind'], { window, key, ...rows }: SealedRows, isPinned: boolean): HoldOutRow => ({
    holdOut: `${project}/ho-${tx.newId()}`, pipeline: row.pipeline, trainingSet: row.trainingSet, kind, viewVersion: view.viewVersion,
    windowFrom: new Date(window.fromMs), windowTo: new Date(window.toMs), key, isPinned, ...rows,
  });
  const recent = toRow('recent', built.recent, false);
  await tx.insert(HoldOutRow, recent);
  if (!pinned) return [recent];
  if (!built.reference) {
    await tx.save(HoldOutRow, { ...pinned, isPinned: true });
    return [recent, { ...pinned, kind: 'reference' }];
  }
  await tx.save(HoldOutRow, { ...pinned, isPinned: false });
  const reference = toRow('reference', built.reference, true);
  await tx.insert(HoldOutRow, reference);
  return [recent, reference];
}

function createdEvent({ row, view, order, built }: TrainingSetResult, holdOuts: readonly HoldOutRow[]): TrainingSetCreated {
  return {
    pipeline: row.pipeline,
    run: row.run,
    trainingSet: row.trainingSet,
    file: built.file,
    rows: built.rows,
    ...(built.positives === null ? {} : { positives: built.positives }),
    holdOuts: holdOuts.map(({ kind, holdOut, sha256, rows, windowFrom, windowTo }) => ({ kind, holdOut, sha256, rows, window: timeWindowOf({ fromMs: windowFrom.getTime(), toMs: windowTo.getTime() }) })),
    signature: signatureOf(order.pipeline),
    dataSetVersions: order.sources.map(({ dataSet, version }) => ({ dataSet, version })),
    featureView: viewRefOf(view),
    asOf: new Date(order.asOfMs).toISOString(),
    window: timeWindowOf(built.windows.training),
    embargoMs: built.windows.embargoMs,
    excluded: built.windows.excluded.map(timeWindowOf),
  };
}

function timeWindowOf({ fromMs, toMs }: Stretch): TimeWindow {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
