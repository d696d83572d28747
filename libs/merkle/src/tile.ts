import { malformed } from './malformed.js';
import { HASH_BYTES, nodeHash } from './rfc6962-hash.js';
import type { NodeAddress, NodeReader, TreeNode } from './tree-node.js';

/** Hashes in a full tile, and tree levels that one tile spans (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/** Address of a tile: at tile level `level` the tile `index` holds up to 256 hashes of the tree's level `8 * level`. */
export interface TileAddress {
  readonly level: number;
  readonly index: number;
  /** Hashes in the tile, 1 to 256; fewer than 256 only in the last tile of a level. */
  readonly width: number;
}

/** Hashes to be written into a tile behind the `offset` hashes that it holds already. */
export interface TileAppend {
  readonly level: number;
  readonly index: number;
  readonly offset: number;
  readonly hashes: Uint8Array;
}

/** Reads tiles in the order asked; each answer has at least `width * 32` bytes. */
export type TileReader = (tiles: readonly TileAddress[]) => Promise<readonly Uint8Array[]>;

/** Every tile of a tree of `size` entries, lowest level first. */
export function tilesOf(size: number): TileAddress[] {
  const tiles: TileAddress[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    for (let index = 0; index * TILE_WIDTH < count; index += 1) tiles.push({ level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) });
  }
  return tiles;
}

/** The writes that bring stored tiles up to date after an append: only nodes at every eighth level are stored, one per 256 below. */
export function tileAppendsOf(nodes: readonly TreeNode[]): TileAppend[] {
  const grouped = new Map<string, { level: number; index: number; offset: number; hashes: Uint8Array[] }>();
  for (const node of nodes) {
    if (node.level % TILE_HEIGHT !== 0) continue;
    const level = node.level / TILE_HEIGHT;
    const index = Math.floor(node.index / TILE_WIDTH);
    const key = `${level}/${index}`;
    const group = grouped.get(key) ?? { level, index, offset: node.index % TILE_WIDTH, hashes: [] };
    group.hashes.push(node.hash);
    grouped.set(key, group);
  }
  return [...grouped.values()].map((group) => ({ ...group, hashes: Buffer.concat(group.hashes) }));
}

/** Reads nodes of the tree of `size` entries from its tiles; levels between the stored ones are hashed again. */
export function nodesFromTiles(size: number, readTiles: TileReader): NodeReader {
  return async (nodes) => {
    const tiles = new Map<string, TileAddress>();
    const placed = nodes.map((node) => {
      const tile = tileOf(node, size);
      const key = `${tile.level}/${tile.index}`;
      tiles.set(key, tile);
      return { node, key };
    });
    const contents = tiles.size === 0 ? [] : await readTiles([...tiles.values()]);
    const byKey = new Map([...tiles.keys()].map((key, position) => [key, contents[position] as Uint8Array]));
    return placed.map(({ node, key }) => hashInTile(node, byKey.get(key) as Uint8Array));
  };
}

function tileOf(node: NodeAddress, size: number): TileAddress {
  const level = Math.floor(node.level / TILE_HEIGHT);
  const index = Math.floor((node.index * 2 ** (node.level % TILE_HEIGHT)) / TILE_WIDTH);
  const count = Math.floor(size / TILE_WIDTH ** level);
  return { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) };
}

function hashInTile(node: NodeAddress, tile: Uint8Array): Uint8Array {
  const count = 2 ** (node.level % TILE_HEIGHT);
  const start = (node.index * count) % TILE_WIDTH;
  if (tile.length < (start + count) * HASH_BYTES) throw malformed(`The tile that holds node ${node.level}/${node.index} is too short: ${tile.length} bytes`);
  let row = Array.from({ length: count }, (_, at) => tile.subarray((start + at) * HASH_BYTES, (start + at + 1) * HASH_BYTES));
  while (row.length > 1) {
    const below = row;
    row = Array.from({ length: below.length / 2 }, (_, at) => nodeHash(below[2 * at] as Uint8Array, below[2 * at + 1] as Uint8Array));
  }
  return row[0] as Uint8Array;
}
