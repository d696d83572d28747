import { HASH_BYTES } from '@millrace/merkle';
import type { TileReader } from '@millrace/merkle';
import type { ReadTx } from '@millrace/runtime';

/** Reads tiles from the table `audit_tiles`; a stored tile may hold more hashes than asked for. */
export function tilesIn(tx: ReadTx): TileReader {
  return async (tiles) => {
    const rows = await tx.query<{ level: number; tile: number; hashes: Buffer }>(
      'select level, tile, hashes from audit_tiles where (level, tile) in (select * from unnest($1::int[], $2::bigint[]))',
      [tiles.map(({ level }) => level), tiles.map(({ index }) => index)],
    );
    const held = new Map(rows.map(({ level, tile, hashes }) => [`${level}/${tile}`, hashes]));
    return tiles.map(({ level, index, width }) => held.get(`${level}/${index}`)?.subarray(0, width * HASH_BYTES) ?? Buffer.alloc(0));
  };
}
