import fc from 'fast-check';
import { appendLeaves, emptyRange, rootOf } from './compact-range.js';
import { proveConsistency, verifyConsistency } from './consistency-proof.js';
import { proveInclusion, verifyInclusion } from './inclusion-proof.js';
import { HASH_BYTES, leafHash } from './rfc6962-hash.js';
import { nodesFromTiles, tileAppendsOf, tilesOf } from './tile.js';
import type { TileReader } from './tile.js';

/** Tiles kept as a service keeps them: one value per tile, only ever appended to. */
class KeptTiles {
  readonly tiles = new Map<string, Buffer>();

  append(writes: ReturnType<typeof tileAppendsOf>): void {
    for (const { level, index, offset, hashes } of writes) {
      const held = this.tiles.get(`${level}/${index}`) ?? Buffer.alloc(0);
      expect(held.length).toBe(offset * HASH_BYTES);
      this.tiles.set(`${level}/${index}`, Buffer.concat([held, hashes]));
    }
  }

  readonly read: TileReader = (tiles) =>
    Promise.resolve(
      tiles.map(({ level, index, width }) => {
        const held = this.tiles.get(`${level}/${index}`) as Buffer;
        expect(held.length).toBeGreaterThanOrEqual(width * HASH_BYTES);
        return held.subarray(0, width * HASH_BYTES);
      }),
    );
}

const LEAVES = Array.from({ length: 66_000 }, (_, at) => leafHash(Buffer.from(String(at))));

describe('a tree kept as tiles', () => {
  it('proves inclusion and consistency for every size and entry, whatever the batches in which it grew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.nat(20), fc.nat(700), fc.constant(256)), { minLength: 1, maxLength: 5 }), fc.nat(), fc.nat(), async (batches, which, when) => {
        const kept = new KeptTiles();
        const ranges = [emptyRange()];
        for (const batch of batches) {
          const before = ranges.at(-1) as ReturnType<typeof emptyRange>;
          const { next, nodes } = appendLeaves(before, LEAVES.slice(before.size, before.size + batch));
          kept.append(tileAppendsOf(nodes));
          ranges.push(next);
        }
        const last = ranges.at(-1) as ReturnType<typeof emptyRange>;
        expect([...kept.tiles.keys()].sort()).toEqual(tilesOf(last.size).map(({ level, index }) => `${level}/${index}`).sort());
        const older = ranges[when % ranges.length] as ReturnType<typeof emptyRange>;
        fc.pre(older.size > 0);
        const index = which % older.size;
        const inclusion = await proveInclusion(index, older.size, nodesFromTiles(older.size, kept.read));
        expect(verifyInclusion({ index, size: older.size, leafHash: LEAVES[index] as Uint8Array, proof: inclusion, root: rootOf(older) })).toEqual({ valid: true });
        const consistency = await proveConsistency(older.size, last.size, nodesFromTiles(last.size, kept.read));
        expect(verifyConsistency({ oldSize: older.size, oldRoot: rootOf(older), newSize: last.size, newRoot: rootOf(last), proof: consistency })).toEqual({ valid: true });
      }),
      { numRuns: 40 },
    );
  });

  it('spans three levels of tiles', async () => {
    const kept = new KeptTiles();
    const { next, nodes } = appendLeaves(emptyRange(), LEAVES);
    kept.append(tileAppendsOf(nodes));
    for (const index of [0, 255, 256, 65_535, 65_536, 65_999]) {
      const proof = await proveInclusion(index, next.size, nodesFromTiles(next.size, kept.read));
      expect(verifyInclusion({ index, size: next.size, leafHash: LEAVES[index] as Uint8Array, proof, root: rootOf(next) })).toEqual({ valid: true });
    }
  });
});
