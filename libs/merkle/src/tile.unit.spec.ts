import { formatEntryBundle, parseEntryBundle } from './entry-bundle.js';
import { parseTilePath, tilePath } from './tile-path.js';
import { tilesOf } from './tile.js';

describe('tiles', () => {
  it('of a tree of 70,000 entries are 273 full and one of 112 at level 0, one full and one of 17 at level 1, one of 1 at level 2', () => {
    const tiles = tilesOf(70_000);
    const widths = (level: number) => tiles.filter((tile) => tile.level === level).map(({ width }) => width);
    expect(widths(0)).toEqual([...Array<number>(273).fill(256), 112]);
    expect(widths(1)).toEqual([256, 17]);
    expect(widths(2)).toEqual([1]);
    expect(tiles).toHaveLength(277);
  });

  it('of a tree of 256 entries are a full one and one of width 1 above', () => {
    expect(tilesOf(256)).toEqual([{ level: 0, index: 0, width: 256 }, { level: 1, index: 0, width: 1 }]);
  });

  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 1, index: 1000, width: 17 }, 'tile/1/x001/000.p/17'],
    [{ level: 'entries' as const, index: 5, width: 1 }, 'tile/entries/005.p/1'],
  ])('have the path that the format gives them: %j is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it.each(['tile/0/0', 'tile/0/x000/000', 'tile/00/000', 'tile/64/000', 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/01', 'tile/0/1234', 'tile/-1/000', 'tile/0/000/', '../tile/0/000'])(
    'have one path only: %s is refused',
    (path) => {
      expect(() => parseTilePath(path)).toThrow('Not the path of a tile');
    },
  );
});

describe('an entry bundle', () => {
  it('gives back the entries it was made of', () => {
    const entries = ['', 'a', 'x'.repeat(65_535)].map((text) => Buffer.from(text));
    expect(parseEntryBundle(formatEntryBundle(entries))).toEqual(entries);
  });

  it('refuses an entry that its length field cannot hold', () => {
    expect(() => formatEntryBundle([Buffer.alloc(65_536)])).toThrow('over the limit');
  });

  it('refuses bytes that end inside an entry', () => {
    expect(() => parseEntryBundle(Buffer.from([0]))).toThrow('ends inside');
    expect(() => parseEntryBundle(Buffer.from([0, 2, 1]))).toThrow('ends inside');
  });
});
