import { seriesTilesSql } from '@millrace/decisions';
import type { PlacedTile } from '@millrace/decisions';
import { timerCause } from '@millrace/runtime';
import type { UnitOfWork, Worker, Workers } from '@millrace/runtime';
import { relationOf, sqlLiteral } from '@millrace/storage';
import type { Column } from '@millrace/storage';
import type { StoredTile } from '../store/tile-store.js';
import { nextRebuild } from '../use-cases/next-rebuild.js';
import type { TileRebuild } from '../use-cases/next-rebuild.js';
import { REPLAY_MS } from '../use-cases/prune-tiles.js';
import { finishRebuild, replaceTiles } from '../use-cases/replace-tiles.js';
import type { TileSource } from '../use-cases/tile-sources.js';
import type { Tables } from './tables.js';

const INTERVAL_MS = 30_000;
const WAIT_MS = 200;

interface TileRow extends Omit<PlacedTile, 'tileStartMs' | 'lastAtMs' | 'partition'> {
  entity: string;
  tile_start: number;
  _partition: number;
  last_at: number;
}

/** Computes tiles again from files where what was folded is no longer right (a segment was rejected or reverted) or not enough (a feature is new). */
export class TileRebuilder {
  readonly worker: Worker;

  constructor(
    workers: Workers,
    private readonly work: UnitOfWork,
    private readonly tables: Tables,
  ) {
    this.worker = workers.add({ name: 'rebuild-tiles', intervalMs: INTERVAL_MS, run: () => this.rebuildNext() });
  }

  private async rebuildNext(): Promise<boolean | number> {
    const rebuild = await this.work.read(nextRebuild);
    if (rebuild === null) return false;
    if (rebuild === 'wait') return WAIT_MS;
    const cause = timerCause({ name: 'feature-store', project: rebuild.source.dataSet.id.split('/')[0] ?? '' });
    const rows = await this.rowsOf(rebuild);
    for (const series of rebuild.series) {
      const sinceMs = Math.min(...rebuild.positions.map((position) => position.watermarkMs)) - series.longestWindowMs - REPLAY_MS;
      const tiles = await this.tilesOf(rebuild.source, series, rows, sinceMs);
      await this.work.run(cause, (tx) => replaceTiles(tx, rebuild, series.name, sinceMs, tiles));
    }
    await this.work.run(cause, (tx) => finishRebuild(tx, rebuild, () => this.worker.wake()));
    return true;
  }

  /** A relation over every record that was folded and is not rejected. */
  private async rowsOf({ source, version, staged, positions }: TileRebuild): Promise<string> {
    const paths = [...(version ? await this.tables.pathsOf(version) : []), ...(await Promise.all(staged.map((file) => this.tables.store.localPath(file.url, file))))];
    const columns: Column[] = [...source.dataSet.columns.map(({ name, type }) => ({ name, type })), { name: '_partition', type: 'long' }, { name: '_offset', type: 'long' }];
    const folded = positions.map(({ partition, sourceOffset }) => `(_partition = ${partition} AND _offset <= ${sourceOffset})`);
    return `(SELECT * FROM ${relationOf(columns, paths)} WHERE ${folded.join(' OR ')})`;
  }

  private async tilesOf({ dataSet }: TileSource, { name, feature }: TileSource['series'][number], rows: string, sinceMs: number): Promise<StoredTile[]> {
    const startMs = Math.floor(sinceMs / feature.everyMs) * feature.everyMs;
    const found = await this.tables.duckDb.query<TileRow>(seriesTilesSql(feature, dataSet, rows, (time) => `${time} >= ${sqlLiteral(new Date(startMs))}`));
    return found
      .filter((row) => row.tile_start >= sinceMs)
      .map(({ entity, tile_start: tileStartMs, _partition: partition, last_at: lastAtMs, count, sum, min, max, last }) => ({ series: name, entity, tileStartMs, partition, count, sum, min, max, last, lastAtMs }));
  }
}
