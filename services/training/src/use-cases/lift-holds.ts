import type { AlertResolved, TimeWindow } from '@millrace/contracts';
import { outlivesIncident } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { HoldRow } from '../store/hold.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { RunRow } from '../store/run.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { cancelRun } from './cancel-run.js';
import { decideAndAct } from './decide-and-act.js';

/** An incident is over: its hold is lifted and its event time left out of later training; triggers that it made are dropped. */
export async function liftHolds(tx: Tx, { pipeline, incident, window, resolvedAt }: AlertResolved): Promise<void> {
  const row = await tx.lockOrNull(PipelineRow, { pipeline });
  if (!row) return;
  const [hold] = await tx.findMany(HoldRow, { where: { pipeline, incident, state: 'open' } });
  if (hold) await liftHold(tx, row, hold, { from: window?.from ?? hold.brokenFrom.toISOString(), to: resolvedAt });
  const own = await tx.findMany(TriggerRow, { where: { pipeline, incident, state: In(['waiting-for-labels', 'held']) } });
  for (const trigger of own) await tx.save(TriggerRow, { ...trigger, state: 'dropped' });
  const waiting = await tx.findMany(RunRow, { where: { pipeline, incident, state: 'waiting-for-turn' } });
  for (const run of waiting) await dropRun(tx, run, incident);
}

/** What it was wanted for is over before its turn came. */
async function dropRun(tx: Tx, run: RunRow, incident: string): Promise<void> {
  await cancelRun(tx, run, incident, [{ check: 'incident-lasts', passed: false, measured: incident, detail: 'What the run was wanted for is over' }]);
  const asked = await tx.find(TriggerRow, { trigger: run.trigger });
  if (asked) await tx.save(TriggerRow, { ...asked, state: 'dropped', run: null });
}

/** Lifts one hold and decides anew about what it held. `excluded` null: nothing is left out. The caller holds the pipeline's lock. */
export async function liftHold(tx: Tx, pipeline: PipelineRow, hold: HoldRow, excluded: TimeWindow | null): Promise<HoldRow> {
  const lifted: HoldRow = { ...hold, state: 'lifted', liftedAt: tx.now, excluded };
  await tx.save(HoldRow, lifted);
  tx.emit('millrace.training.hold.lifted.v1', { pipeline: hold.pipeline, hold: hold.hold, incident: hold.incident, excluded });
  const held = await tx.findMany(TriggerRow, { where: { pipeline: hold.pipeline, state: 'held' }, order: { createdAt: 'ASC' } });
  const made = held.filter((trigger) => isMadeBy(trigger, hold, excluded));
  for (const trigger of made) await tx.save(TriggerRow, { ...trigger, state: 'dropped' });
  for (const trigger of held.filter((each) => !made.includes(each))) await decideAndAct(tx, await tx.get(PipelineRow, { pipeline: hold.pipeline }), { ...trigger, state: 'waiting-for-labels' }, 'waiting');
  return lifted;
}

function isMadeBy(trigger: TriggerRow, { incident }: HoldRow, excluded: TimeWindow | null): boolean {
  if (trigger.incident === incident || trigger.diagnosis === 'data-incident') return true;
  if (!excluded || trigger.cause === 'first-version' || trigger.cause === 'person') return false;
  return !outlivesIncident(trigger.changePoint?.getTime() ?? null, { fromMs: Date.parse(excluded.from), untilMs: Date.parse(excluded.to) });
}
