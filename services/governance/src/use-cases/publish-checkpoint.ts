import { rootOf, signCheckpoint } from '@millrace/merkle';
import type { NoteSigner } from '@millrace/merkle';
import type { Tx } from '@millrace/runtime';
import { CheckpointRow } from '../store/checkpoint.row.js';
import { AUDIT_LOG, LogHeadRow, toRange } from '../store/log-head.row.js';

/** Signs the log as it stands, if it grew since the latest checkpoint. The head is locked meanwhile: no two checkpoints of one log can disagree. */
export async function publishCheckpoint(tx: Tx, signer: NoteSigner): Promise<CheckpointRow | null> {
  const head = await tx.lock(LogHeadRow, { id: AUDIT_LOG });
  const signed = await tx.find(CheckpointRow, { size: head.size });
  if (signed || head.size === 0) return signed;
  const root = rootOf(toRange(head));
  const origin = signer.key.name;
  const note = signCheckpoint({ origin, size: head.size, root }, [signer]);
  const rootSha256 = Buffer.from(root).toString('hex');
  const checkpoint = { size: head.size, rootSha256, note, signedAt: tx.now };
  await tx.insert(CheckpointRow, checkpoint);
  tx.emit('millrace.governance.checkpoint.published.v1', { log: origin, size: head.size, rootSha256, checkpoint: note });
  return checkpoint;
}
