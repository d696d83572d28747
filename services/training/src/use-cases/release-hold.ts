import type { Hold, TimeWindow } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { HoldRow } from '../store/hold.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { liftHold } from './lift-holds.js';
import { describeHold } from './list-holds.js';

/** A person lifts a hold; releasing one that is lifted changes nothing. */
export async function releaseHold(tx: Tx, hold: string, excluded: TimeWindow | null): Promise<Hold> {
  const { pipeline } = await tx.get(HoldRow, { hold }, 'hold-not-found');
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const held = await tx.lock(HoldRow, { hold }, 'hold-not-found');
  return describeHold(held.state === 'lifted' ? held : await liftHold(tx, row, held, excluded));
}
