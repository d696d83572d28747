import type { Trigger } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { considerSignal } from './consider-signal.js';
import { describeTrigger } from './list-triggers.js';

/** A person asks for a run. It does not wait for labels and ignores cool-downs, but obeys holds, rollouts and runs under way. */
export async function askForRun(tx: Tx, pipeline: string, reason: string): Promise<Trigger> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const trigger = await considerSignal(tx, row, { cause: 'person', diagnosis: null, changePoint: null, incident: null });
  const because = [{ check: 'asked-by-a-person', passed: true, measured: tx.cause.actor, detail: reason }, ...trigger.because];
  await tx.save(TriggerRow, { ...trigger, because });
  return describeTrigger({ ...trigger, because });
}
