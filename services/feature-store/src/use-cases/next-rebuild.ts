import type { Artifact } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { SourcePositionRow } from '../store/source-position.row.js';
import { SourceRow } from '../store/source.row.js';
import { StagedSegmentRow } from '../store/staged-segment.row.js';
import { TileRebuildRow } from '../store/tile-rebuild.row.js';
import { tileSources } from './tile-sources.js';
import type { TileSource } from './tile-sources.js';

/** Tiles to be computed again from files: the records of the version and the staged segments up to the folded offsets. */
export interface TileRebuild {
  source: TileSource;
  /** Null when the data set has no version yet. */
  version: { tableUrl: string; version: number } | null;
  staged: Artifact[];
  positions: SourcePositionRow[];
  /** Series that remain. */
  series: TileSource['series'];
}

/** The rebuild that can be done now. Null: none is asked for; `wait`: records that were folded are not in files yet. */
export async function nextRebuild(tx: ReadTx): Promise<TileRebuild | 'wait' | null> {
  const [request] = await tx.findMany(TileRebuildRow, { order: { requestedAt: 'ASC' }, take: 1 });
  if (!request) return null;
  const { dataSet, done } = request;
  const source = (await tileSources(tx)).get(dataSet);
  if (!source) return null;
  const positions = await tx.findMany(SourcePositionRow, { where: { dataSet }, order: { partition: 'ASC' } });
  const published = await tx.find(SourceRow, { dataSet });
  const segments = await tx.findMany(StagedSegmentRow, { where: { dataSet } });
  const inFiles = [...(published?.offsets ?? []), ...segments.map(({ partition, toOffset }) => ({ partition, offset: toOffset }))];
  if (!positions.every((position) => inFiles.some(({ partition, offset }) => partition === position.partition && offset >= position.sourceOffset))) return 'wait';
  return {
    source,
    version: published,
    staged: segments.flatMap(({ state, file }) => (state === 'staged' && file ? [file] : [])),
    positions,
    series: source.series.filter(({ name }) => !done.includes(name)),
  };
}
