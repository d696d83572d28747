import { expectedAfter, overdueFindings } from '@millrace/decisions';
import type { Finding } from '@millrace/decisions';
import type { ReadTx, Tx } from '@millrace/runtime';
import { IsNull } from 'typeorm';
import { CascadeStepRow } from '../store/cascade-step.row.js';

/** Most steps reported at a time. */
const PORTION = 100;

/** Steps that are overdue and not reported yet, and the milliseconds until the next one can be (null: none is awaited). */
export interface Overdue {
  readonly steps: readonly CascadeStepRow[];
  readonly nextInMs: number | null;
}

/** Looks for steps that are overdue. */
export async function findOverdueSteps(tx: ReadTx): Promise<Overdue> {
  const open = await tx.query<{ entity: string; after: string; due_at: Date }>(
    `select entity, after, due_at from cascade_steps where answered_at is null and stalled_at is null and due_at is not null order by due_at limit ${PORTION}`,
  );
  const overdue = open.filter(({ due_at }) => due_at <= tx.now);
  const next = open.at(overdue.length)?.due_at;
  const steps = overdue.length === 0 ? [] : await tx.findMany(CascadeStepRow, { where: overdue.map(({ entity, after }) => ({ entity, after })) });
  return { steps, nextInMs: overdue.length === PORTION ? 0 : next ? next.getTime() - tx.now.getTime() : null };
}

/** Emits `cascade.stalled` for an overdue step, once; nothing when it was answered meanwhile. @param explained what the services say that should have answered */
export async function reportStalledCascade(tx: Tx, key: Pick<CascadeStepRow, 'entity' | 'after'>, explained: readonly Finding[]): Promise<void> {
  const step = await tx.lockOrNull(CascadeStepRow, { entity: key.entity, after: key.after, answeredAt: IsNull(), stalledAt: IsNull() });
  if (!step) return;
  await tx.save(CascadeStepRow, { ...step, stalledAt: tx.now });
  const { after, pipeline, correlation, eventId, project, pipelineVersion, dueAt } = step;
  // Without a pipeline there is nobody to tell; the cascade's state says it all the same.
  if (!pipeline || !correlation || !eventId || !project || !dueAt) return;
  const because = overdueFindings({ after, expects: expectedAfter(after), sinceMs: step.since.getTime(), dueMs: dueAt.getTime() }, tx.now.getTime());
  const cascade = { correlationId: correlation, causationId: eventId, project, ...(pipelineVersion !== null && { pipelineVersion }) };
  tx.emit('millrace.governance.cascade.stalled.v1', { pipeline, correlation, lastEvent: { id: eventId, type: after }, because: [...because, ...explained] }, cascade);
}

/** Forgets steps that were answered long enough ago that neither of their two events can still come. */
export async function forgetAnsweredSteps(tx: Tx, keptMs: number): Promise<void> {
  await tx.query('delete from cascade_steps where answered_at < $1', [new Date(tx.now.getTime() - keptMs)]);
}
