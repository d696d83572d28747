import { MillraceError } from '@millrace/contracts';
import { TILE_WIDTH, formatEntryBundle } from '@millrace/merkle';
import type { ReadTx } from '@millrace/runtime';
import { Between } from 'typeorm';
import { AuditEntryRow } from '../store/audit-entry.row.js';

/** The first `width` entries of a bundle of 256. Throws `audit-entry-not-found` when the log does not reach so far. */
export async function readEntryBundle(tx: ReadTx, bundle: number, width: number): Promise<Uint8Array> {
  const first = bundle * TILE_WIDTH;
  const rows = await tx.findMany(AuditEntryRow, { where: { index: Between(first, first + width - 1) }, order: { index: 'ASC' }, select: { index: true, leaf: true } });
  if (rows.length < width) throw new MillraceError('audit-entry-not-found', `The log does not reach to entry ${first + width - 1}`);
  return formatEntryBundle(rows.map(({ leaf }) => Buffer.from(leaf)));
}
