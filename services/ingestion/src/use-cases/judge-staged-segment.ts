import type { SegmentAccepted, SegmentRejected } from '@millrace/contracts';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { SegmentRow } from '../store/segment.row.js';

/** Notes validation's consent; the segment is published when those before it have left. */
export async function acceptSegment(tx: Tx, { segment }: SegmentAccepted): Promise<void> {
  const row = await tx.lock(SegmentRow, { segment }, 'segment-not-found');
  if (row.state === 'staged') await tx.save(SegmentRow, { ...row, state: 'accepted', cascade: cascadeOf(tx.cause) });
}

/** Notes validation's refusal; the segment will never be published, its file stays for whoever asks why. */
export async function rejectSegment(tx: Tx, { segment, because }: SegmentRejected): Promise<void> {
  const row = await tx.lock(SegmentRow, { segment }, 'segment-not-found');
  if (row.state === 'staged') await tx.save(SegmentRow, { ...row, state: 'rejected', because, cascade: cascadeOf(tx.cause) });
}
