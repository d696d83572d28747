import type { SegmentRejected } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { StagedSegmentRow } from '../store/staged-segment.row.js';
import { requestRebuild } from './request-rebuild.js';

/** Takes the records of a rejected segment out of the tiles. Errors: `segment-not-found` until the segment was heard of. */
export async function noteRejectedSegment(tx: Tx, { dataSet, segment }: SegmentRejected, wakeRebuilder: () => void): Promise<void> {
  await tx.lockKey(dataSet);
  const row = await tx.get(StagedSegmentRow, { segment }, 'segment-not-found');
  if (row.state !== 'staged') return;
  await tx.save(StagedSegmentRow, { ...row, state: 'suspect' });
  await requestRebuild(tx, dataSet, wakeRebuilder);
}
