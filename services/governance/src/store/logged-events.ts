import type { EventData, EventType } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import type { FindOptionsWhere } from 'typeorm';
import { AuditEntryRow, dataOf } from './audit-entry.row.js';

/** An event as the log holds it. */
export interface LoggedEvent<T extends EventType> {
  readonly entry: AuditEntryRow;
  readonly data: EventData[T];
}

/** The logged events of a type that match, in the order of the log. What is in the log was checked by the service that wrote it. */
export async function loggedEvents<T extends EventType>(tx: ReadTx, type: T, where: FindOptionsWhere<AuditEntryRow>): Promise<LoggedEvent<T>[]> {
  const rows = await tx.findMany(AuditEntryRow, { where: { ...where, type }, order: { index: 'ASC' } });
  return rows.flatMap((entry) => {
    const data = dataOf(entry);
    return typeof data === 'object' && data !== null ? [{ entry, data: data as EventData[T] }] : [];
  });
}

/** The latest of them; undefined when there is none. */
export async function latestLoggedEvent<T extends EventType>(tx: ReadTx, type: T, where: FindOptionsWhere<AuditEntryRow>): Promise<LoggedEvent<T> | undefined> {
  return (await loggedEvents(tx, type, where)).at(-1);
}
