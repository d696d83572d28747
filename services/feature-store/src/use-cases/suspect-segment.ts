import type { SegmentRejected } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { SuspectSegmentRow } from '../store/suspect-segment.row.js';

/** Remembers that online values hold records of a segment that was rejected. */
export async function suspectSegment(tx: Tx, { dataSet, segment }: SegmentRejected): Promise<void> {
  await tx.save(SuspectSegmentRow, { segment, dataSet, rejectedAt: tx.now });
}
