import type { OperationInput, OperationOutput } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { And, LessThan, MoreThan, MoreThanOrEqual } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import { AuditEntryRow, toAuditRecord } from '../store/audit-entry.row.js';

/** A page of the entries that match and that the caller may see (`callerProject`, `*` is all), in the order of the log. */
export async function findAuditEntries(tx: ReadTx, query: OperationInput<'listAuditEntries'>, callerProject: string): Promise<OperationOutput<'listAuditEntries'>> {
  const limit = query.limit ?? 100;
  const rows = await tx.findMany(AuditEntryRow, { where: conditionsOf(callerProject === '*' ? query : { ...query, project: callerProject }), order: { index: 'ASC' }, take: limit + 1, select: { index: true, leaf: true, loggedAt: true } });
  const page = rows.slice(0, limit);
  return { entries: page.map(toAuditRecord), next: rows.length > limit ? (page.at(-1)?.index ?? null) : null };
}

function conditionsOf(query: OperationInput<'listAuditEntries'>): FindOptionsWhere<AuditEntryRow> {
  const { pipeline, modelVersion, dataSet, run, actor, correlation, type, project, from, to, after } = query;
  const given = Object.fromEntries(Object.entries({ pipeline, modelVersion, dataSet, run, actor, correlation, type, project }).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...(after !== undefined && { index: MoreThan(after) }),
    ...timesBetween(from, to),
  };
}

function timesBetween(from: string | undefined, to: string | undefined): FindOptionsWhere<AuditEntryRow> {
  if (from !== undefined && to !== undefined) return { time: And(MoreThanOrEqual(new Date(from)), LessThan(new Date(to))) };
  if (from !== undefined) return { time: MoreThanOrEqual(new Date(from)) };
  return to === undefined ? {} : { time: LessThan(new Date(to)) };
}
