import type { DataSetVersionPublished } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { SourceRow } from '../store/source.row.js';
import { StagedSegmentRow } from '../store/staged-segment.row.js';
import { requestRebuild } from './request-rebuild.js';

/** Remembers the newest version of a data set: what training sets read. What was passed over or taken out again leaves the tiles. */
export async function notePublishedVersion(tx: Tx, published: DataSetVersionPublished, wakeRebuilder: () => void): Promise<void> {
  const { dataSet, pipeline, version, tableUrl, watermark, offsets, removedSegments } = published;
  await tx.lockKey(dataSet);
  const known = await tx.lockOrNull(SourceRow, { dataSet });
  if (known && known.version >= version) return;
  await tx.save(SourceRow, { dataSet, pipeline, version, tableUrl, offsets, watermark: watermark === null ? (known?.watermark ?? null) : new Date(watermark) });
  const hasPassedOver = await settleSegments(tx, published);
  if (hasPassedOver || removedSegments.length > 0) await requestRebuild(tx, dataSet, wakeRebuilder);
}

/** Forgets segments that were published or had no rows. True when one with rows was passed over: it was rejected, whether that was heard or not. */
async function settleSegments(tx: Tx, { dataSet, segments, offsets }: DataSetVersionPublished): Promise<boolean> {
  const staged = await tx.findMany(StagedSegmentRow, { where: { dataSet, state: 'staged' } });
  const isPast = (row: StagedSegmentRow): boolean => offsets.some(({ partition, offset }) => partition === row.partition && offset >= row.toOffset);
  let hasPassedOver = false;
  for (const row of staged) {
    if (segments.some(({ segment }) => segment === row.segment) || (isPast(row) && row.file === null)) await tx.remove(StagedSegmentRow, { segment: row.segment });
    else if (isPast(row)) {
      await tx.save(StagedSegmentRow, { ...row, state: 'suspect' });
      hasPassedOver = true;
    }
  }
  return hasPassedOver;
}
