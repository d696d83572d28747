import { expectedAfter, overdueFindings } from '@millrace/decisions';
import type { Finding } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { IsNull, Not } from 'typeorm';
import { CascadeDeadLetterRow } from '../store/cascade-dead-letter.row.js';
import { CascadeStepRow } from '../store/cascade-step.row.js';

/** Emits `cascade.stalled` for an overdue step, once; nothing when it was answered meanwhile. @param explained what the services say that should have answered */
export async function reportStalledCascade(tx: Tx, key: Pick<CascadeStepRow, 'entity' | 'after'>, explained: readonly Finding[]): Promise<void> {
  const step = await tx.lockOrNull(CascadeStepRow, { entity: key.entity, after: key.after, answeredAt: IsNull(), stalledAt: IsNull() });
  if (!step) return;
  await tx.save(CascadeStepRow, { ...step, stalledAt: tx.now });
  // Its dead letter was read before it and is reported already.
  if (step.eventId !== null && (await tx.count(CascadeDeadLetterRow, { eventId: step.eventId, state: 'open', reportedAt: Not(IsNull()) })) > 0) return;
  const { after, pipeline, correlation, eventId, project, pipelineVersion, dueAt } = step;
  // Without a pipeline there is nobody to tell; the cascade's state says it all the same.
  if (!pipeline || !correlation || !eventId || !project || !dueAt) return;
  const because = overdueFindings({ after, expects: expectedAfter(after), sinceMs: step.since.getTime(), dueMs: dueAt.getTime() }, tx.now.getTime());
  const cascade = { correlationId: correlation, causationId: eventId, project, ...(pipelineVersion !== null && { pipelineVersion }) };
  tx.emit('millrace.governance.cascade.stalled.v1', { pipeline, correlation, lastEvent: { id: eventId, type: after }, because: [...because, ...explained] }, cascade);
}
