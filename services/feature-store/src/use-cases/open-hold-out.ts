import type { ReadTx } from '@millrace/runtime';
import { digestOf } from '@millrace/storage';
import { MillraceError } from '@millrace/contracts';
import { unseal } from '../adapters/seal.js';
import { HoldOutRow } from '../store/hold-out.row.js';
import type { ObjectStore } from '@millrace/storage';

/** The Parquet file of a hold-out. Errors: `hold-out-not-found`, `digest-mismatch` when object or key are not those that were sealed. */
export async function openHoldOut(tx: ReadTx, store: ObjectStore, holdOut: string): Promise<Buffer> {
  const row = await tx.get(HoldOutRow, { holdOut }, 'hold-out-not-found');
  const bytes = unseal(await store.get(store.keyOf(row.url)), row.key);
  if (digestOf(bytes).sha256 !== row.sha256) throw new MillraceError('digest-mismatch', `Hold-out ${holdOut} is not the one that was sealed`, { holdOut });
  return bytes;
}
