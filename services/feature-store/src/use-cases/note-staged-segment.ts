import type { SegmentStaged } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { SourceRow } from '../store/source.row.js';
import { StagedSegmentRow } from '../store/staged-segment.row.js';

/** Remembers where the records of a segment are until it is published. One whose publication was heard of first needs no memory. */
export async function noteStagedSegment(tx: Tx, { dataSet, segment, partition, toOffset, file }: SegmentStaged): Promise<void> {
  await tx.lockKey(dataSet);
  const source = await tx.find(SourceRow, { dataSet });
  const isPast = source?.offsets.some((published) => published.partition === partition && published.offset >= toOffset) ?? false;
  if (!isPast) await tx.save(StagedSegmentRow, { segment, dataSet, partition, toOffset, file, state: 'staged' });
}
