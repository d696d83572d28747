import { eventCatalogue } from '@millrace/contracts';
import type { EventType } from '@millrace/contracts';
import { deadLetterChangeOf, expectedAfter } from '@millrace/decisions';
import type { DeadLetterChange } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { IsNull } from 'typeorm';
import { dataOf } from '../store/audit-entry.row.js';
import { CascadeDeadLetterRow } from '../store/cascade-dead-letter.row.js';
import { CascadeStepRow } from '../store/cascade-step.row.js';
import { CascadeRow } from '../store/cascade.row.js';
import type { LoggedRecord } from './audit-entry-of.js';

interface LoggedChange extends DeadLetterChange {
  readonly record: LoggedRecord;
}

/**
 * Notes in each event's cascade that a service gave an event up, and what people did about it. A cascade that waits on a dead letter is stalled at
 * once and reported; a replay gives its step its whole time again, a drop ends what the service would have answered.
 */
export async function followDeadLetters(tx: Tx, logged: readonly LoggedRecord[]): Promise<void> {
  const changes = logged.flatMap((record) => {
    const change = deadLetterChangeOf(record.entry.type, dataOf(record));
    return change ? [{ ...change, record }] : [];
  });
  for (const change of changes) await followChange(tx, change);
}

async function followChange(tx: Tx, change: LoggedChange): Promise<void> {
  const { record: { entry }, deadLetter, service, eventId, type, state } = change;
  const known = await tx.lockOrNull(CascadeDeadLetterRow, { deadLetter });
  const changedAt = new Date(entry.time);
  // Delivery is at least once: an older word on the letter may come behind a newer one.
  if (known && (known.changedAt > changedAt || (known.changedAt.getTime() === changedAt.getTime() && known.state === state))) return;
  const row: CascadeDeadLetterRow = {
    deadLetter, service, eventId, type, state, changedAt,
    correlation: known?.correlation ?? entry.correlation,
    code: change.code ?? known?.code ?? null,
    detail: change.detail ?? known?.detail ?? null,
    changedBy: state === 'open' ? null : entry.actor,
    reason: change.reason,
    reportedAt: null,
  };
  if (state === 'open') row.reportedAt = await reportDeadLetter(tx, row, entry.project);
  await tx.save(CascadeDeadLetterRow, row);
  await moveSteps(tx, row);
}

/** @returns when it was reported; null when there is nobody to tell, as the cascade belongs to no pipeline */
async function reportDeadLetter(tx: Tx, { service, deadLetter, eventId, type, detail, code, correlation }: CascadeDeadLetterRow, project: string): Promise<Date | null> {
  const pipeline = (await tx.find(CascadeRow, { correlation }))?.pipeline ?? (await tx.findMany(CascadeStepRow, { where: { eventId } }))[0]?.pipeline ?? null;
  if (pipeline === null) return null;
  const because = [{ check: 'dead-letter', passed: false, detail: `${service} gave up (dead letter ${deadLetter}): ${detail ?? code ?? 'no reason is known'}` }];
  const data = { pipeline, correlation, lastEvent: { id: eventId, type }, deadLetter: { service, id: deadLetter }, because };
  tx.emit('millrace.governance.cascade.stalled.v1', data, { correlationId: correlation, causationId: eventId, project });
  return tx.now;
}

/** What waits for an answer to the event that was given up. */
async function moveSteps(tx: Tx, { eventId, state, service }: CascadeDeadLetterRow): Promise<void> {
  for (const step of await tx.lockMany(CascadeStepRow, { where: { eventId, answeredAt: IsNull() } })) {
    const allowedMs = step.dueAt === null ? null : step.dueAt.getTime() - step.since.getTime();
    const isAwaited = expectedAfter(step.after).some((expected: EventType) => eventCatalogue[expected].producer === service);
    if (state === 'open') await tx.save(CascadeStepRow, { ...step, stalledAt: step.stalledAt ?? tx.now });
    if (state === 'replayed') await tx.save(CascadeStepRow, { ...step, stalledAt: null, since: tx.now, dueAt: allowedMs === null ? null : new Date(tx.now.getTime() + allowedMs) });
    if (state === 'dropped' && isAwaited) await tx.save(CascadeStepRow, { ...step, answeredAt: tx.now });
  }
}
