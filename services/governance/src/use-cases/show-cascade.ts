import { MillraceError, eventCatalogue } from '@millrace/contracts';
import type { AwaitedStep, Cascade, CascadeEdge, CascadeNode, EventType } from '@millrace/contracts';
import { expectedAfter, summariseEvent } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { In, IsNull } from 'typeorm';
import { AuditEntryRow, dataOf, entryOf } from '../store/audit-entry.row.js';
import { CascadeDeadLetterRow, toCascadeDeadLetter } from '../store/cascade-dead-letter.row.js';
import { CascadeRow } from '../store/cascade.row.js';
import { CascadeStepRow, cascadeStateOf } from '../store/cascade-step.row.js';

/** Most events shown of one cascade. */
const MAX_NODES = 2_000;

/** A cascade as a graph. Events of other cascades that made one of its events, or were made by one, are part of it. Throws `cascade-not-found`. */
export async function showCascade(tx: ReadTx, correlation: string, callerProject: string): Promise<Cascade> {
  const visible = callerProject === '*' ? {} : { project: callerProject };
  const cascade = await tx.find(CascadeRow, { correlation, ...visible });
  if (!cascade) throw new MillraceError('cascade-not-found', `There is no cascade ${correlation}`);
  const own = await tx.findMany(AuditEntryRow, { where: { correlation, ...visible }, order: { time: 'ASC', index: 'ASC' }, take: MAX_NODES });
  const entries = await withNeighbours(tx, own, visible);
  const steps = await tx.findMany(CascadeStepRow, { where: { correlation, answeredAt: IsNull() }, order: { since: 'ASC' } });
  const letters = await tx.findMany(CascadeDeadLetterRow, { where: { correlation }, order: { changedAt: 'ASC' } });
  const { project, pipeline } = cascade;
  return {
    correlation,
    project,
    pipeline,
    state: cascadeStateOf(steps, letters.filter(({ state }) => state === 'open').length),
    startedAt: cascade.startedAt.toISOString(),
    lastAt: cascade.lastAt.toISOString(),
    nodes: nodesOf(entries, cascade.startedAt),
    edges: edgesOf(entries),
    awaited: steps.map(toAwaited),
    deadLetters: letters.map(toCascadeDeadLetter),
  };
}

async function withNeighbours(tx: ReadTx, own: readonly AuditEntryRow[], visible: { project?: string }): Promise<AuditEntryRow[]> {
  const ids = own.map(({ eventId }) => eventId);
  const causes = own.flatMap((row) => [...(row.causation === null ? [] : [row.causation]), ...furtherCauses(row)]);
  const neighbours = await tx.findMany(AuditEntryRow, { where: [{ eventId: In(causes), ...visible }, { causation: In(ids), ...visible }], take: MAX_NODES });
  // Delivery is at least once: an event that stands on its topic twice has two entries and is one node.
  const once = new Map([...own, ...neighbours].map((row) => [row.eventId, row]));
  return [...once.values()].sort((a, b) => a.time.getTime() - b.time.getTime() || a.index - b.index);
}

function nodesOf(entries: readonly AuditEntryRow[], startedAt: Date): CascadeNode[] {
  const times = new Map(entries.map(({ eventId, time }) => [eventId, time.getTime()]));
  return entries.map((row) => {
    const cause = row.causation === null ? undefined : times.get(row.causation);
    const { id, type, subject, actor, time, correlation } = entryOf(row);
    const summary = type in eventCatalogue ? summaryOf(type as EventType, dataOf(row)) : null;
    return { id, type, correlation, subject, actor, time, sinceStartMs: row.time.getTime() - startedAt.getTime(), hopMs: cause === undefined ? null : row.time.getTime() - cause, index: row.index, summary };
  });
}

function summaryOf(type: EventType, data: unknown): string | null {
  return typeof data === 'object' && data !== null ? summariseEvent(type, data as never) : null;
}

function edgesOf(entries: readonly AuditEntryRow[]): CascadeEdge[] {
  const shown = new Set(entries.map(({ eventId }) => eventId));
  return entries.flatMap((row) => {
    const causation = row.causation !== null && shown.has(row.causation) ? [{ from: row.causation, to: row.eventId, kind: 'causation' as const }] : [];
    const causes = furtherCauses(row).filter((cause) => shown.has(cause) && cause !== row.causation);
    return [...causation, ...causes.map((from) => ({ from, to: row.eventId, kind: 'cause' as const }))];
  });
}

/** Events that were joined with the one that stands as causation. */
function furtherCauses(row: AuditEntryRow): string[] {
  const data = dataOf(row);
  const causes = typeof data === 'object' && data !== null ? (data as { causes?: unknown }).causes : undefined;
  return Array.isArray(causes) ? causes.filter((cause) => typeof cause === 'string') : [];
}

function toAwaited({ eventId, after, dueAt, stalledAt }: CascadeStepRow): AwaitedStep {
  return { after: eventId ?? '', afterType: after, expects: [...expectedAfter(after)], dueAt: dueAt?.toISOString() ?? null, stalled: stalledAt !== null };
}
