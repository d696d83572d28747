import { MillraceError } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { CheckpointRow } from '../store/checkpoint.row.js';

/** The checkpoint of a size, or the latest. Throws `checkpoint-not-found`. */
export async function readCheckpoint(tx: ReadTx, size?: number): Promise<CheckpointRow> {
  const [row] = await tx.findMany(CheckpointRow, { ...(size !== undefined && { where: { size } }), order: { size: 'DESC' }, take: 1 });
  if (!row) throw new MillraceError('checkpoint-not-found', size === undefined ? 'The log has no checkpoint yet' : `No checkpoint was signed at size ${size}`);
  return row;
}
