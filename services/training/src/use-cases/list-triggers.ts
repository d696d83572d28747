import type { Trigger } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { TriggerRow } from '../store/trigger.row.js';

/** Triggers of a pipeline, newest first. */
export async function listTriggers(tx: ReadTx, pipeline: string, limit: number): Promise<Trigger[]> {
  const rows = await tx.findMany(TriggerRow, { where: { pipeline }, order: { createdAt: 'DESC' }, take: limit });
  return rows.map(describeTrigger);
}

export function describeTrigger(row: TriggerRow): Trigger {
  const { trigger, pipeline, cause, state, incident, maturedRows, neededRows, run, because } = row;
  return {
    trigger,
    pipeline,
    cause,
    state,
    changePoint: row.changePoint?.toISOString() ?? null,
    incident,
    waitingSince: row.waitingSince?.toISOString() ?? null,
    maturedRows,
    neededRows,
    run,
    because,
  };
}
