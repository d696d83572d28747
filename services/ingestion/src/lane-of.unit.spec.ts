import { laneOf } from './lane-of.js';

describe('the lane of a data set', () => {
  it('is FNV-1a of its id, so that every process and version of the code agrees', () => {
    expect(laneOf('a', 2 ** 32)).toBe(0xe40c292c);
    expect(laneOf('foobar', 2 ** 32)).toBe(0xbf9cf968);
  });

  it('spreads data sets over all lanes', () => {
    const lanes = new Set(Array.from({ length: 100 }, (_, index) => laneOf(`default/set-${index}`, 8)));
    expect([...lanes].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
