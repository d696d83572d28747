import { featureValueKeyOf, progressKeyOf } from '@millrace/decisions';
import type { OnlineTile } from '@millrace/decisions';
import { OnlineTiles } from './online-tiles.js';

const tile = (startMs: number, partition: number, sum: number): OnlineTile => ({
  kind: 'tile', series: 's', entity: 'ORD|1', tileStartMs: startMs, partition, count: 1, sum, min: sum, max: sum, last: sum, lastAtMs: startMs,
});

function tilesWith(...values: OnlineTile[]): OnlineTiles {
  const tiles = new OnlineTiles();
  for (const value of values) tiles.apply(featureValueKeyOf(value), value);
  return tiles;
}

describe('online tiles', () => {
  it('are read by group and stretch, those of one time by partition', () => {
    const tiles = tilesWith(tile(2000, 1, 4), tile(2000, 0, 3), tile(1000, 0, 2), tile(3000, 0, 5));
    expect(tiles.read('s', 'ORD|1', 1000, 1000, 3000).map(({ sum }) => sum)).toEqual([2, 3, 4]);
    expect(tiles.read('s', 'ATL', 1000, 1000, 3000)).toEqual([]);
  });

  it('are replaced by their newer state and removed by a tombstone', () => {
    const tiles = tilesWith(tile(1000, 0, 2), tile(1000, 0, 7));
    expect(tiles.read('s', 'ORD|1', 1000, 0, 5000).map(({ sum }) => sum)).toEqual([7]);
    tiles.apply(featureValueKeyOf(tile(1000, 0, 0)), null);
    expect(tiles.read('s', 'ORD|1', 1000, 0, 5000)).toEqual([]);
  });

  it('are known up to the slowest data set, and to no time while one has brought nothing', () => {
    const tiles = new OnlineTiles();
    const progress = (dataSet: string, partition: number, watermarkMs: number): void => tiles.apply(progressKeyOf(dataSet, partition), { kind: 'progress', dataSet, partition, sourceOffset: 1, watermarkMs });
    progress('default/a', 0, 5000);
    progress('default/a', 1, 7000);
    expect(tiles.watermarkMsOf(['default/a', 'default/b'])).toBeNull();
    progress('default/b', 0, 6000);
    expect(tiles.watermarkMsOf(['default/a', 'default/b'])).toBe(6000);
    expect(tiles.watermarkMsOf([])).toBeNull();
  });

  it('come back from what they give', () => {
    const tiles = tilesWith(tile(1000, 0, 2), tile(2000, 1, 3));
    const copy = tilesWith(...[...tiles.values()].filter((value): value is OnlineTile => value.kind === 'tile'));
    expect([...copy.values()]).toEqual([...tiles.values()]);
  });
});
