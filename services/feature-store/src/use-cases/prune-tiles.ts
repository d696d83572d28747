import { featureValueKeyOf, featureValueTopic } from '@millrace/decisions';
import { timerCause } from '@millrace/runtime';
import type { Tx, UnitOfWork } from '@millrace/runtime';
import { SourcePositionRow } from '../store/source-position.row.js';
import { removeTilesBefore } from '../store/tile-store.js';
import { tileSources } from './tile-sources.js';

/** Event time behind the watermark for which values can still be asked for, besides the window itself. */
export const REPLAY_MS = 45 * 86_400_000;
const MOST_AT_ONCE = 5_000;

/** Removes tiles that no value needs any more, here and on the topic. True when there may be more. */
export async function pruneTiles(work: UnitOfWork): Promise<boolean> {
  const sources = await work.read(tileSources);
  let isMore = false;
  for (const { dataSet, series } of sources.values()) {
    const [project = ''] = dataSet.id.split('/');
    for (const { name, longestWindowMs } of series) {
      const removed = await work.run(timerCause({ name: 'feature-store', project }), (tx) => pruneSeries(tx, dataSet.id, name, longestWindowMs));
      isMore ||= removed === MOST_AT_ONCE;
    }
  }
  return isMore;
}

async function pruneSeries(tx: Tx, dataSet: string, series: string, longestWindowMs: number): Promise<number> {
  const positions = await tx.findMany(SourcePositionRow, { where: { dataSet } });
  if (positions.length === 0) return 0;
  const watermarkMs = Math.min(...positions.map((position) => position.watermarkMs));
  const removed = await removeTilesBefore(tx, series, watermarkMs - longestWindowMs - REPLAY_MS, MOST_AT_ONCE);
  tx.emitRecords(featureValueTopic, removed.map((place) => ({ key: featureValueKeyOf(place), value: null })));
  return removed.length;
}
