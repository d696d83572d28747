import { MillraceError } from '@millrace/contracts';
import type { OperationOutput } from '@millrace/contracts';
import { nodesFromTiles, proveConsistency } from '@millrace/merkle';
import type { ReadTx } from '@millrace/runtime';
import { AUDIT_LOG, LogHeadRow } from '../store/log-head.row.js';
import { tilesIn } from '../store/read-tiles.js';

/** The hashes that lead from one size of the log to another. Throws `invalid-request` for sizes that the log has not had. */
export async function proveGrowth(tx: ReadTx, from: number, to: number): Promise<OperationOutput<'getAuditConsistency'>> {
  const { size } = await tx.get(LogHeadRow, { id: AUDIT_LOG });
  if (from > to || to > size) throw new MillraceError('invalid-request', `The log has ${size} entries; from must not be greater than to, to not greater than that`);
  const proof = await proveConsistency(from, to, nodesFromTiles(to, tilesIn(tx)));
  return { from, to, proof: proof.map((hash) => Buffer.from(hash).toString('base64')) };
}
