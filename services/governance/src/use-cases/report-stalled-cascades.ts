import { expectedAfter, overdueFindings } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { CascadeStepRow } from '../store/cascade-step.row.js';

/** Most steps reported in one transaction. */
const PORTION = 100;

/** Emits `cascade.stalled` for each step that is overdue, once per step. @returns whether more may be overdue */
export async function reportStalledCascades(tx: Tx): Promise<boolean> {
  const overdue = await tx.query<{ entity: string; after: string }>(
    `select entity, after from cascade_steps where answered_at is null and stalled_at is null and due_at <= $1 order by due_at limit ${PORTION} for update skip locked`,
    [tx.now],
  );
  for (const key of overdue) await reportStalled(tx, await tx.lock(CascadeStepRow, key));
  return overdue.length === PORTION;
}

async function reportStalled(tx: Tx, step: CascadeStepRow): Promise<void> {
  await tx.save(CascadeStepRow, { ...step, stalledAt: tx.now });
  const { after, pipeline, correlation, eventId, project, pipelineVersion, dueAt } = step;
  if (!pipeline || !correlation || !eventId || !project || !dueAt) return;
  const because = overdueFindings({ after, expects: expectedAfter(after), sinceMs: step.since.getTime(), dueMs: dueAt.getTime() }, tx.now.getTime());
  const cascade = { correlationId: correlation, causationId: eventId, project, ...(pipelineVersion !== null && { pipelineVersion }) };
  tx.emit('millrace.governance.cascade.stalled.v1', { pipeline, correlation, lastEvent: { id: eventId, type: after }, because }, cascade);
}

/** Forgets steps that were answered long enough ago that neither of their two events can still come. */
export async function forgetAnsweredSteps(tx: Tx, keptMs: number): Promise<void> {
  await tx.query('delete from cascade_steps where answered_at < $1', [new Date(tx.now.getTime() - keptMs)]);
}
