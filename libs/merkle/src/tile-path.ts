import { malformed } from './malformed.js';
import { TILE_WIDTH } from './tile.js';
import type { TileAddress } from './tile.js';

/** A tile of hashes, or a bundle of the entries themselves (`level` is then 'entries'). */
export interface TileResource {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** The path of a tile or entry bundle below a log's prefix, such as `tile/0/x001/x234/067.p/8` (c2sp.org/tlog-tiles). */
export function tilePath(tile: TileAddress | TileResource): string {
  const digits = String(tile.index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const index = groups.map((group, position) => (position < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${tile.level}/${index}${tile.width < TILE_WIDTH ? `.p/${tile.width}` : ''}`;
}

/** Reads a path back. Throws `invalid-proof` for a path that `tilePath` would not have written. */
export function parseTilePath(path: string): TileResource {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!match) throw malformed(`Not the path of a tile: ${path}`);
  const resource: TileResource = {
    level: match[1] === 'entries' ? 'entries' : Number(match[1]),
    index: Number((match[2] as string).replace(/[x/]/g, '')),
    width: match[3] === undefined ? TILE_WIDTH : Number(match[3]),
  };
  const outOfRange = resource.width < 1 || (resource.level !== 'entries' && resource.level > 63) || !Number.isSafeInteger(resource.index);
  if (outOfRange || tilePath(resource) !== path) throw malformed(`Not the path of a tile: ${path}`);
  return resource;
}
