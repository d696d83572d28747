import type { Pipeline } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import type { TrainingSetOrder } from '../adapters/training-set-builder.js';
import { FeatureViewRow } from '../store/feature-view.row.js';
import { HoldOutRow } from '../store/hold-out.row.js';
import type { SourceRow } from '../store/source.row.js';
import { TrainingSetRow } from '../store/training-set.row.js';
import { trainingSourcesOf } from './sources-of.js';

/** How long a request waits for the versions that its asker had seen already, milliseconds. */
const PATIENCE_MS = 15_000;

/** The oldest training set that is to be built, with its order; `wait` while published versions that the request rests on have not arrived here. */
export async function nextTrainingSet(tx: ReadTx): Promise<{ row: TrainingSetRow; view: FeatureViewRow; order: TrainingSetOrder; pinned: HoldOutRow | null } | 'wait' | null> {
  const [row] = await tx.findMany(TrainingSetRow, { where: { state: 'requested' }, order: { requestedAt: 'ASC' }, take: 1 });
  if (!row) return null;
  const view = await tx.get(FeatureViewRow, { pipeline: row.pipeline, version: row.version }, 'feature-view-not-found');
  const sources = await trainingSourcesOf(tx, view.definition);
  const watermarkMs = watermarkOf(sources, view.definition);
  const askedMs = Date.parse(row.request.asOf);
  if (watermarkMs < askedMs && tx.now.getTime() - row.requestedAt.getTime() < PATIENCE_MS) return 'wait';
  const pinned = await pinnedHoldOut(tx, row);
  const order: TrainingSetOrder = {
    pipeline: view.definition,
    sources,
    asOfMs: Math.min(askedMs, Number.isFinite(watermarkMs) ? watermarkMs : askedMs),
    incidents: row.request.excluded.map(({ from, to }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) })),
    reference: pinned && { window: { fromMs: pinned.windowFrom.getTime(), toMs: pinned.windowTo.getTime() }, isToSeal: pinned.viewVersion !== view.viewVersion },
  };
  return { row, view, order, pinned };
}

/** Both the predicted records and their outcomes must be known up to a time for it to count. */
function watermarkOf(sources: readonly SourceRow[], { predict, label }: Pipeline): number {
  return Math.min(...[predict.dataSet, label.dataSet].map((dataSet) => sources.find((source) => source.dataSet === dataSet)?.watermark?.getTime() ?? Number.NEGATIVE_INFINITY));
}

/** The hold-out that every later version is judged on too: the pinned one, else that of the version in service. */
async function pinnedHoldOut(tx: ReadTx, { pipeline, request }: TrainingSetRow): Promise<HoldOutRow | null> {
  const pinned = await tx.find(HoldOutRow, { pipeline, isPinned: true });
  if (pinned || !request.champion) return pinned;
  const ofChampion = await tx.find(TrainingSetRow, { run: request.champion.run });
  return ofChampion && tx.find(HoldOutRow, { trainingSet: ofChampion.trainingSet, kind: 'recent' });
}
