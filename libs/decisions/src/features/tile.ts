import type { AggregateFeature } from '@millrace/contracts';

/**
 * What one partition's records of one group add up to in one stretch of `everyMs`: enough for every aggregate. Tiles are kept per partition because
 * offsets order records only there, and the sum of floats depends on the order: offline and online add in the same one.
 */
export interface Tile {
  count: number;
  sum: number;
  min: number;
  max: number;
  last: number;
  /** Time of the record that `last` is from, milliseconds. */
  lastAtMs: number;
}

export interface PlacedTile extends Tile {
  tileStartMs: number;
  partition: number;
}

/** Adds one record's value to a tile (undefined: none yet). Records of a partition must come in the order of their offsets; at equal times the later offset is `last`. */
export function addToTile(tile: Tile | undefined, value: number, atMs: number): Tile {
  if (!tile) return { count: 1, sum: value, min: value, max: value, last: value, lastAtMs: atMs };
  const isLater = atMs >= tile.lastAtMs;
  return {
    count: tile.count + 1,
    sum: tile.sum + value,
    min: Math.min(tile.min, value),
    max: Math.max(tile.max, value),
    last: isLater ? value : tile.last,
    lastAtMs: isLater ? atMs : tile.lastAtMs,
  };
}

/** Start of the tile that holds an instant. */
export function tileStartOf(instantMs: number, everyMs: number): number {
  return Math.floor(instantMs / everyMs) * everyMs;
}

/** The complete tiles that a value as of an instant covers: `[fromMs, toMs)`. */
export function windowOf(feature: Pick<AggregateFeature, 'windowMs' | 'everyMs'>, atMs: number): { fromMs: number; toMs: number } {
  const toMs = tileStartOf(atMs, feature.everyMs);
  return { fromMs: toMs - feature.windowMs, toMs };
}

/**
 * The aggregate over the tiles that start in `[fromMs, toMs)`. Tiles are added in the order of start, then partition, whatever order they are given in.
 * An empty window is null, and 0 for count and sum.
 */
export function mergeTiles(tiles: readonly PlacedTile[], fromMs: number, toMs: number, aggregate: AggregateFeature['aggregate']): number | null {
  const inside = tiles.filter((tile) => tile.tileStartMs >= fromMs && tile.tileStartMs < toMs).sort((a, b) => a.tileStartMs - b.tileStartMs || a.partition - b.partition);
  const [first, ...rest] = inside;
  if (!first) return aggregate === 'count' || aggregate === 'sum' ? 0 : null;
  const total = rest.reduce<Tile>((merged, tile) => mergeTwo(merged, tile), first);
  return aggregate === 'mean' ? total.sum / total.count : total[aggregate];
}

function mergeTwo(earlier: Tile, later: Tile): Tile {
  const isLater = later.lastAtMs >= earlier.lastAtMs;
  return {
    count: earlier.count + later.count,
    sum: earlier.sum + later.sum,
    min: Math.min(earlier.min, later.min),
    max: Math.max(earlier.max, later.max),
    last: isLater ? later.last : earlier.last,
    lastAtMs: isLater ? later.lastAtMs : earlier.lastAtMs,
  };
}
