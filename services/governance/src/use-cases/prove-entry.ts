import { MillraceError } from '@millrace/contracts';
import { formatTlogProof, nodesFromTiles, proveInclusion } from '@millrace/merkle';
import type { ReadTx } from '@millrace/runtime';
import { tilesIn } from '../store/read-tiles.js';
import { readCheckpoint } from './read-checkpoint.js';

/** A proof file for an entry against a checkpoint. Throws `audit-entry-not-found` when the checkpoint is older than the entry. */
export async function proveEntry(tx: ReadTx, index: number, size?: number): Promise<string> {
  const checkpoint = await readCheckpoint(tx, size);
  if (index >= checkpoint.size) throw new MillraceError('audit-entry-not-found', `The checkpoint of size ${checkpoint.size} does not cover entry ${index}`);
  const hashes = await proveInclusion(index, checkpoint.size, nodesFromTiles(checkpoint.size, tilesIn(tx)));
  return formatTlogProof({ index, hashes, checkpoint: checkpoint.note });
}
