import { BinSums } from './bin-means.js';
import { tallyOf } from './column-tally.js';
import { grownBinOf, sharesOfChange, worstSegments } from './explain-change.js';
import { pinColumns } from './pin-column.js';
import { seededRandom } from '../statistics/seeded-random.js';
import type { ColumnReference } from './reference-of.js';
import type { ColumnValue } from './window-profile.js';

const random = seededRandom(4);
const rowsOf = (heavy: number, far: number): ColumnValue[][] => Array.from({ length: 4_000 }, () => [random() < heavy ? 'heavy' : 'light', random() * 100 + far]);
const usual = rowsOf(0.2, 0);
const pinned = pinColumns([{ name: 'load', kind: 'category', values: usual.map(([load]) => load ?? null) }, { name: 'distance', kind: 'numeric', values: usual.map(([, distance]) => distance ?? null) }]);
const tallies = (rows: ColumnValue[][]) => pinned.map((column, i) => tallyOf(column, rows.map((row) => row[i] ?? null)));
const references = tallies(usual).map((pooled, i) => ({ column: pinned[i], pooled })) as unknown as ColumnReference[];
/** The model predicts by the load alone. */
const sumsOf = (rows: ColumnValue[][], amountOf = ([load]: ColumnValue[]): number => (load === 'heavy' ? 0.9 : 0.1)) => {
  const sums = new BinSums(pinned);
  rows.forEach((row, i) => sums.add(row, amountOf(row), `p-${i}`));
  return sums;
};

test('of two columns that moved, the one by which the model predicts has nearly all of the change of the prediction', () => {
  const moved = rowsOf(0.6, 30);
  const sums = sumsOf(moved);
  const shares = sharesOfChange(tallies(moved).map((window, i) => ({ reference: references[i]!, window, sums: sums.byColumn()[pinned[i]!.name] })));
  expect(shares.get('load')).toBeGreaterThan(0.9);
  expect(Math.abs(shares.get('distance') ?? NaN)).toBeLessThan(0.1);
  const bin = grownBinOf(references[0]!.pooled, tallies(moved)[0]!);
  const example = Number(sums.exampleOf('load', bin)?.slice(2));
  expect(moved[example]?.[0]).toBe('heavy');
});

test('the segment in which losses grew is named first, with its part of the growth', () => {
  const lossOf = (broken: boolean) => ([load, distance]: ColumnValue[]): number => (broken && load === 'heavy' ? 2 : 0.3) + Number(distance) / 1_000;
  const [before, after] = [usual, rowsOf(0.2, 0)];
  const segments = worstSegments(references, [sumsOf(after, lossOf(true)).byColumn()], [sumsOf(before, lossOf(false)).byColumn()]);
  expect(segments[0]).toMatchObject({ column: 'load', values: 'heavy' });
  expect(segments[0]?.share).toBeGreaterThan(0.95);
  expect(worstSegments(references, [], [])).toEqual([]);
});
