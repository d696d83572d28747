import type { SegmentStaged } from '@millrace/contracts';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { VerdictRow } from '../store/verdict.row.js';

/** Notes a segment that awaits its verdict; a worker scans it. */
export async function announceSegment(tx: Tx, { segment, dataSet, pipelineVersion, rows, file }: SegmentStaged): Promise<void> {
  if (await tx.find(VerdictRow, { segment })) return;
  await tx.insert(VerdictRow, { segment, dataSet, pipelineVersion, rows, file, cascade: cascadeOf(tx.cause), accepted: null, checks: [], profile: null, announcedAt: tx.now, judgedAt: null });
}
