import type { LoopKpis } from '@millrace/contracts';
import { loopKpisOf, meanLossOf } from '@millrace/decisions';
import type { RealisedPairs, ServedLoss } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { LoopFactRow } from '../store/loop-fact.row.js';
import type { PipelineRow } from '../store/pipeline.row.js';
import { ReferenceRow } from '../store/reference.row.js';
import { WindowRow } from '../store/window.row.js';
import type { PairSource } from './compare-versions.js';
import { usualLosses } from './judge-outcomes.js';

const DAY_MS = 86_400_000;
/** Of the newest. */
const MOST_FACTS = 10_000;

/** What events and judged windows tell of a pipeline's loop; the comparisons of versions are read from the prediction log. */
export async function showLoopKpis(tx: ReadTx, pipeline: PipelineRow, realised: readonly RealisedPairs[]): Promise<LoopKpis> {
  const rows = await tx.findMany(LoopFactRow, { where: { pipeline: pipeline.pipeline }, order: { at: 'DESC' }, take: MOST_FACTS });
  return loopKpisOf(pipeline.pipeline, rows.map(({ at, fact }) => ({ atMs: at.getTime(), fact })), realised, await servedLosses(tx, pipeline));
}

/** Losses of two versions on the same requests, for each pair that answered them. */
export async function realisedPairs(pipeline: PipelineRow, source: PairSource): Promise<RealisedPairs[]> {
  const pairs: RealisedPairs[] = [];
  for (const versions of await source.comparedVersions(pipeline)) pairs.push({ modelVersion: versions.challenger, otherModelVersion: versions.champion, blocks: await source.pairs(pipeline, versions, null, DAY_MS) });
  return pairs;
}

/** Measured losses of each version's windows beside what is usual for it by its own reference. */
async function servedLosses(tx: ReadTx, { pipeline, champion }: PipelineRow): Promise<ServedLoss[]> {
  const windows = await tx.findMany(WindowRow, { where: { pipeline }, order: { fromAt: 'ASC' } });
  const reference = await tx.find(ReferenceRow, { pipeline, run: champion?.run ?? '' });
  const usual = reference ? meanLossOf(usualLosses(reference)) : NaN;
  return windows.flatMap(({ outcome }) => (outcome ? [{ from: outcome.losses.from, to: outcome.losses.to, rows: outcome.losses.rows, meanLoss: outcome.losses.meanLoss, usualLoss: usual }] : []));
}
