import type { PlacedTile } from '@millrace/decisions';
import type { ReadTx, Tx } from '@millrace/runtime';

/** Name of a tile: its series, group, start and the partition of its records. */
export interface TilePlace {
  series: string;
  entity: string;
  tileStartMs: number;
  partition: number;
}

export type StoredTile = TilePlace & PlacedTile;

/** A stretch of tiles that a value is merged from. */
export interface TileRange {
  series: string;
  entity: string;
  fromMs: number;
  toMs: number;
}

const COLUMNS = 't.series, t.entity, t.tile_start_ms as "tileStartMs", t.partition, t.count, t.sum, t.min, t.max, t.last, t.last_at_ms as "lastAtMs"';

/** The tiles of these places that exist, locked until the commit. */
export function lockTiles(tx: Tx, places: readonly TilePlace[]): Promise<StoredTile[]> {
  return tx.query<StoredTile>(
    `select ${COLUMNS} from tiles t
     join unnest($1::text[], $2::text[], $3::bigint[], $4::integer[]) as p(series, entity, tile_start_ms, partition) using (series, entity, tile_start_ms, partition)
     for update of t`,
    [places.map((place) => place.series), places.map((place) => place.entity), places.map((place) => place.tileStartMs), places.map((place) => place.partition)],
  );
}

export async function saveTiles(tx: Tx, tiles: readonly StoredTile[]): Promise<void> {
  const columns = (['series', 'entity', 'tileStartMs', 'partition', 'count', 'sum', 'min', 'max', 'last', 'lastAtMs'] as const).map((name) => tiles.map((tile) => tile[name]));
  await tx.query(
    `insert into tiles (series, entity, tile_start_ms, partition, count, sum, min, max, last, last_at_ms)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::integer[], $6::float8[], $7::float8[], $8::float8[], $9::float8[], $10::bigint[])
     on conflict (series, entity, tile_start_ms, partition) do update
     set count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max, last = excluded.last, last_at_ms = excluded.last_at_ms`,
    columns,
  );
}

/** The tiles of each range, in the order of the ranges. */
export async function readTiles(tx: ReadTx, ranges: readonly TileRange[]): Promise<PlacedTile[][]> {
  const found = await tx.query<StoredTile & { range: number }>(
    `select r.range::integer as range, ${COLUMNS} from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) with ordinality as r(series, entity, from_ms, to_ms, range)
     join tiles t on t.series = r.series and t.entity = r.entity and t.tile_start_ms >= r.from_ms and t.tile_start_ms < r.to_ms`,
    [ranges.map((range) => range.series), ranges.map((range) => range.entity), ranges.map((range) => range.fromMs), ranges.map((range) => range.toMs)],
  );
  const tiles: PlacedTile[][] = ranges.map(() => []);
  for (const { range, ...tile } of found) tiles[range - 1]?.push(tile);
  return tiles;
}

/** All tiles of a series that start at or after an instant. */
export function tilesSince(tx: ReadTx, series: string, sinceMs: number): Promise<StoredTile[]> {
  return tx.query<StoredTile>(`select ${COLUMNS} from tiles t where t.series = $1 and t.tile_start_ms >= $2`, [series, sinceMs]);
}

export async function removeTiles(tx: Tx, places: readonly TilePlace[]): Promise<void> {
  await tx.query(
    `delete from tiles t using unnest($1::text[], $2::text[], $3::bigint[], $4::integer[]) as p(series, entity, tile_start_ms, partition)
     where t.series = p.series and t.entity = p.entity and t.tile_start_ms = p.tile_start_ms and t.partition = p.partition`,
    [places.map((place) => place.series), places.map((place) => place.entity), places.map((place) => place.tileStartMs), places.map((place) => place.partition)],
  );
}

/** Removes at most `limit` tiles of a series that start before an instant, oldest first. */
export function removeTilesBefore(tx: Tx, series: string, beforeMs: number, limit: number): Promise<TilePlace[]> {
  return tx.query<TilePlace>(
    `delete from tiles t using (select ctid from tiles where series = $1 and tile_start_ms < $2 order by tile_start_ms limit $3) as old
     where t.ctid = old.ctid returning t.series, t.entity, t.tile_start_ms as "tileStartMs", t.partition`,
    [series, beforeMs, limit],
  ).then(rowsOfDelete);
}

/** TypeORM answers a `delete … returning` as [rows, count]. */
function rowsOfDelete(answer: TilePlace[]): TilePlace[] {
  const [first] = answer as unknown[];
  return Array.isArray(first) ? (first as TilePlace[]) : answer;
}
