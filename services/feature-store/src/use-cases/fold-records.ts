import { MillraceError } from '@millrace/contracts';
import { addToTile, contributionOf, featureValueKeyOf, featureValueTopic, instantMsOf, progressKeyOf } from '@millrace/decisions';
import type { DataRecord, Tx } from '@millrace/runtime';
import { SourcePositionRow } from '../store/source-position.row.js';
import { TileRebuildRow } from '../store/tile-rebuild.row.js';
import { lockTiles, saveTiles } from '../store/tile-store.js';
import type { StoredTile, TilePlace } from '../store/tile-store.js';
import type { TileSource } from './tile-sources.js';

interface ReadRecord {
  sourceOffset: number;
  value: Record<string, unknown>;
}

type Addition = TilePlace & { value: number; atMs: number };

/** Adds accepted records of one partition to the tiles that they belong to and sends each tile that changed. A record that was folded before is left out. Errors: `not-ready` while the tiles are computed again. */
export async function foldRecords(tx: Tx, { dataSet, series }: TileSource, partition: number, records: readonly DataRecord[], valuesMoved: () => void): Promise<void> {
  if (await tx.find(TileRebuildRow, { dataSet: dataSet.id })) throw new MillraceError('not-ready', `The tiles of ${dataSet.id} are being computed again`);
  const position = await tx.lockOrNull(SourcePositionRow, { dataSet: dataSet.id, partition });
  const fresh = records.map(readRecord).filter((record) => record.sourceOffset > (position?.sourceOffset ?? -1));
  const last = fresh.at(-1);
  if (!last) return;
  const additions = fresh.flatMap(({ value }) =>
    series.flatMap(({ name, feature }) => {
      const contribution = contributionOf(feature, dataSet, value);
      return contribution ? [{ series: name, partition, ...contribution }] : [];
    }),
  );
  const changed = await addToTiles(tx, additions);
  const watermarkMs = fresh.reduce((latest, { value }) => Math.max(latest, instantMsOf(value[dataSet.knownAtColumn]) ?? 0), position?.watermarkMs ?? 0);
  const sourceOffset = last.sourceOffset;
  await tx.save(SourcePositionRow, {
    dataSet: dataSet.id, partition, sourceOffset, watermarkMs, announcedOffset: position?.announcedOffset ?? -1, changedValues: (position?.changedValues ?? 0) + changed.length,
  });
  tx.emitRecords(featureValueTopic, [
    ...changed.map((tile) => ({ key: featureValueKeyOf(tile), value: { kind: 'tile', ...tile } })),
    { key: progressKeyOf(dataSet.id, partition), value: { kind: 'progress', dataSet: dataSet.id, partition, sourceOffset, watermarkMs } },
  ]);
  tx.afterCommit(valuesMoved);
}

async function addToTiles(tx: Tx, additions: readonly Addition[]): Promise<StoredTile[]> {
  if (additions.length === 0) return [];
  const places = new Map<string, TilePlace>();
  for (const addition of additions) places.set(featureValueKeyOf(addition), addition);
  const stored = await lockTiles(tx, [...places.values()]);
  const tiles = new Map(stored.map((tile) => [featureValueKeyOf(tile), tile]));
  for (const { series, entity, tileStartMs, partition, value, atMs } of additions) {
    const key = featureValueKeyOf({ series, entity, tileStartMs, partition });
    tiles.set(key, { series, entity, tileStartMs, partition, ...addToTile(tiles.get(key), value, atMs) });
  }
  const changed = [...tiles.values()];
  await saveTiles(tx, changed);
  return changed;
}

function readRecord(record: DataRecord): ReadRecord {
  return { sourceOffset: Number(record.headers['mr-source-offset'] ?? record.offset), value: valueOf(record) };
}

/** A record that ingestion never wrote adds nothing, and holds nothing up. */
function valueOf({ value }: DataRecord): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(value?.toString('utf8') ?? 'null');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
