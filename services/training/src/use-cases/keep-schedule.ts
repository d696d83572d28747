import { isRunDue } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { PipelineRow } from '../store/pipeline.row.js';
import { RunRow } from '../store/run.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { considerSignal } from './consider-signal.js';
import { maturityOfPipeline, openRunStates } from './trigger-situation.js';

/** Asks for a run where the pipeline's schedule says so and nothing else has asked since the last one. */
export async function keepSchedule(tx: Tx, pipeline: string): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const { everyMs } = row.definition.reactions;
  if (everyMs === undefined || row.champion === null) return;
  const { nowMs } = await maturityOfPipeline(tx, row, null);
  const phase = row.rolloutOpen ? 'open' : 'none';
  const waiting = await tx.count(TriggerRow, { pipeline, state: In(['waiting-for-labels', 'held']) });
  const underWay = await tx.count(RunRow, { pipeline, state: In(openRunStates) });
  if (!isRunDue({ everyMs, lastRunMs: row.lastRunAt?.getTime() ?? null, nowMs, phase, isBusy: waiting + underWay > 0 })) return;
  await considerSignal(tx, row, { cause: 'schedule', diagnosis: null, changePoint: null, incident: null, estimatedLossPerDay: 0 });
}
