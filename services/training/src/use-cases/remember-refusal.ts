import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import type { RunRow } from '../store/run.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { decideAndAct } from './decide-and-act.js';

/**
 * A run led to nothing: that is remembered with the rows it had, and what asked for it waits until there are more.
 * A person who asked is not waited for; `give-up` ends the trigger. The caller holds the pipeline's lock.
 */
export async function rememberRefusal(tx: Tx, pipeline: PipelineRow, { changePoint, maturedRows, trigger }: RunRow, next: 'wait' | 'give-up'): Promise<void> {
  const remembering = { ...pipeline, lastRefusal: { changePointMs: changePoint?.getTime() ?? null, maturedRows } };
  await tx.save(PipelineRow, remembering);
  const asked = await tx.find(TriggerRow, { trigger });
  if (next === 'give-up' || !asked || asked.cause === 'person') return;
  await decideAndAct(tx, remembering, { ...asked, retried: true, waitingSince: null, run: null }, 'new');
}
