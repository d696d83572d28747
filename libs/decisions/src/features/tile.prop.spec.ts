import fc from 'fast-check';
import { addToTile, mergeTiles, windowOf } from './tile.js';
import type { PlacedTile, Tile } from './tile.js';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const tiles = fc.uniqueArray(
  fc.record({ tileStartMs: fc.integer({ min: 0, max: 50 }).map((n) => n * 1000), partition: fc.nat(3), values: fc.array(value, { minLength: 1, maxLength: 5 }) }),
  { selector: ({ tileStartMs, partition }) => `${tileStartMs}/${partition}`, maxLength: 60 },
);
const placed = ({ tileStartMs, partition, values }: { tileStartMs: number; partition: number; values: number[] }): PlacedTile => ({
  ...(values.reduce<Tile | undefined>((tile, one, index) => addToTile(tile, one, tileStartMs + index), undefined) as Tile),
  tileStartMs,
  partition,
});

test('a merged value does not depend on the order in which tiles are found, to the last bit', () => {
  fc.assert(
    fc.property(tiles, fc.constantFrom('mean' as const, 'sum' as const, 'count' as const, 'min' as const, 'max' as const, 'last' as const), fc.integer(), (made, aggregate, seed) => {
      const all = made.map(placed);
      const shuffled = [...all].sort((a, b) => ((a.tileStartMs * 31 + a.partition + seed) % 17) - ((b.tileStartMs * 31 + b.partition + seed) % 17));
      expect(mergeTiles(shuffled, 0, 30_000, aggregate)).toBe(mergeTiles(all, 0, 30_000, aggregate));
    }),
  );
});

test('a merged value is that of the records inside the window', () => {
  fc.assert(
    fc.property(tiles, (made) => {
      const inside = made.filter(({ tileStartMs }) => tileStartMs >= 10_000 && tileStartMs < 30_000).flatMap(({ values }) => values);
      const all = made.map(placed);
      const read = (aggregate: 'count' | 'min' | 'max' | 'sum'): number | null => mergeTiles(all, 10_000, 30_000, aggregate);
      expect(read('count')).toBe(inside.length);
      expect(read('min')).toBe(inside.length === 0 ? null : Math.min(...inside));
      expect(read('max')).toBe(inside.length === 0 ? null : Math.max(...inside));
      expect(read('sum')).toBeCloseTo(inside.reduce((sum, one) => sum + one, 0), 3);
    }),
  );
});

test('a window ends before the tile that holds its time: what is not complete is not read', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e13 }), (atMs) => {
      const { fromMs, toMs } = windowOf({ windowMs: 60_000, everyMs: 5_000 }, atMs);
      expect(toMs <= atMs && atMs < toMs + 5_000 && toMs - fromMs === 60_000).toBe(true);
    }),
  );
});
