import { MillraceError } from '@millrace/contracts';
import { HASH_BYTES } from '@millrace/merkle';
import type { ReadTx } from '@millrace/runtime';
import { tilesIn } from '../store/read-tiles.js';

/** A tile's first `width` hashes. Throws `audit-entry-not-found` when the log does not reach so far. */
export async function readTile(tx: ReadTx, tile: { level: number; index: number; width: number }): Promise<Uint8Array> {
  const [hashes] = await tilesIn(tx)([tile]);
  if (!hashes || hashes.length < tile.width * HASH_BYTES) throw new MillraceError('audit-entry-not-found', `The log has no tile ${tile.level}/${tile.index} of width ${tile.width}`);
  return hashes;
}
