import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { decideAndAct } from './decide-and-act.js';

/** Decides anew about every trigger of a pipeline that waits for labels, the oldest first. */
export async function reconsiderTriggers(tx: Tx, pipeline: string): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const waiting = await tx.findMany(TriggerRow, { where: { pipeline, state: 'waiting-for-labels' }, order: { createdAt: 'ASC' } });
  for (const trigger of waiting) await decideAndAct(tx, await tx.get(PipelineRow, { pipeline: row.pipeline }), trigger, 'waiting');
}
