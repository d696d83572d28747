import { featureValueKeyOf, featureValueTopic } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { SourcePositionRow } from '../store/source-position.row.js';
import { TileRebuildRow } from '../store/tile-rebuild.row.js';
import { removeTiles, saveTiles, tilesSince } from '../store/tile-store.js';
import type { StoredTile } from '../store/tile-store.js';
import type { TileRebuild } from './next-rebuild.js';

/** Puts tiles computed from files in the place of those of a series and sends what differs. Nothing happens when records were folded meanwhile. */
export async function replaceTiles(tx: Tx, { source, positions }: TileRebuild, series: string, sinceMs: number, computed: readonly StoredTile[]): Promise<void> {
  const dataSet = source.dataSet.id;
  const now = await tx.lockMany(SourcePositionRow, { where: { dataSet }, order: { partition: 'ASC' } });
  if (now.map((position) => position.sourceOffset).join() !== positions.map((position) => position.sourceOffset).join()) return;
  const request = await tx.lockOrNull(TileRebuildRow, { dataSet });
  if (!request) return;
  const before = new Map((await tilesSince(tx, series, sinceMs)).map((tile) => [featureValueKeyOf(tile), tile]));
  const after = new Map(computed.map((tile) => [featureValueKeyOf(tile), tile]));
  const gone = [...before].filter(([key]) => !after.has(key));
  const changed = [...after].filter(([key, tile]) => !isEqual(before.get(key), tile));
  await removeTiles(tx, gone.map(([, tile]) => tile));
  await saveTiles(tx, changed.map(([, tile]) => tile));
  tx.emitRecords(featureValueTopic, [...gone.map(([key]) => ({ key, value: null })), ...changed.map(([key, tile]) => ({ key, value: { kind: 'tile', ...tile } }))]);
  await tx.save(TileRebuildRow, { ...request, done: [...request.done, series] });
}

/** Lets records be folded again: every series has been computed from files, so that nothing of a rejected segment is left. */
export async function finishRebuild(tx: Tx, { source, series }: TileRebuild, resume: () => void): Promise<void> {
  const dataSet = source.dataSet.id;
  const request = await tx.lockOrNull(TileRebuildRow, { dataSet });
  if (!request || !series.every(({ name }) => request.done.includes(name))) return;
  await tx.query(`update staged_segments set state = 'rejected' where data_set = $1 and state = 'suspect'`, [dataSet]);
  await tx.remove(TileRebuildRow, { dataSet });
  tx.afterCommit(resume);
}

function isEqual(a: StoredTile | undefined, b: StoredTile): boolean {
  return a !== undefined && (['count', 'sum', 'min', 'max', 'last', 'lastAtMs'] as const).every((part) => a[part] === b[part]);
}
