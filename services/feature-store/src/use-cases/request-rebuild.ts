import type { Tx } from '@millrace/runtime';
import { SourcePositionRow } from '../store/source-position.row.js';
import { TileRebuildRow } from '../store/tile-rebuild.row.js';

/** Asks that the tiles of a data set be computed again from its files; nothing to do when none of its records is in tiles yet. */
export async function requestRebuild(tx: Tx, dataSet: string, wakeRebuilder: () => void): Promise<void> {
  if (!(await tx.find(SourcePositionRow, { dataSet }))) return;
  await tx.save(TileRebuildRow, { dataSet, done: [], requestedAt: tx.now });
  tx.afterCommit(wakeRebuilder);
}
