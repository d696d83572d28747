import { MillraceError } from '@millrace/contracts';
import type { AuditRecordDetail } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { AuditEntryRow, toAuditRecord } from '../store/audit-entry.row.js';

/** One entry with the bytes that are proved. Throws `audit-entry-not-found`, also for an entry of a project that the caller is not for. */
export async function readAuditEntry(tx: ReadTx, index: number, callerProject: string): Promise<AuditRecordDetail> {
  const row = await tx.find(AuditEntryRow, { index, ...(callerProject !== '*' && { project: callerProject }) });
  if (!row) throw new MillraceError('audit-entry-not-found', `The log has no entry ${index}`);
  return { ...toAuditRecord(row), leaf: row.leaf, data: row.data.toString('utf8') };
}
