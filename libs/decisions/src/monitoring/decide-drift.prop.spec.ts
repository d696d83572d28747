import fc from 'fast-check';
import { alarmRunOf } from './alarm-run.js';
import type { RunWindow } from './alarm-run.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { columnDistanceOf, shiftedShareOf } from './column-distance.js';
import { SIZE_ERROR, mergeTallies, percentilesOf, tallyOf, tallyWithout } from './column-tally.js';
import { digestOfPins, pinColumn } from './pin-column.js';
import { shareBudget } from './share-budget.js';
import { unitJumpOf } from './unit-jump.js';
import type { ColumnTally, ColumnValue } from './window-profile.js';

const numbers = fc.array(fc.option(fc.oneof(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.constantFrom(0, Infinity, -Infinity, NaN)), { nil: null }), { minLength: 1, maxLength: 80 });
const names = fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'unknown'), { nil: null }), { minLength: 1, maxLength: 80 });
/** Rows of any kind, cut anywhere, the pieces in any order. */
const cutRows = fc
  .oneof(numbers.map((values) => ['numeric', values] as const), names.map((values) => ['category', values] as const))
  .chain(([kind, values]) => fc.record({ kind: fc.constant(kind), values: fc.constant<readonly ColumnValue[]>(values), owner: fc.array(fc.nat(6), { minLength: values.length, maxLength: values.length }), order: fc.array(fc.nat(), { minLength: 7, maxLength: 7 }) }));

describe('tallies of a column', () => {
  test('count every row once, whatever the values', () => {
    fc.assert(
      fc.property(numbers, numbers, (reference, current) => {
        const { counts, missing } = tallyOf(pinColumn('x', 'numeric', reference), current);
        expect(counts.reduce((a, b) => a + b, 0) + missing).toBe(current.length);
      }),
    );
  });

  test('of any parts, merged in any order and nesting, are the integers of one process', () => {
    fc.assert(
      fc.property(cutRows, ({ kind, values, owner, order }) => {
        const column = pinColumn('x', kind, values.slice(0, Math.ceil(values.length / 2)));
        const parts = order.map((_, part) => tallyOf(column, values.filter((_value, row) => owner[row] === part)));
        const shuffled = parts.map((part, i) => [order[i] ?? 0, part] as const).sort(([a], [b]) => a - b).map(([, part]) => part);
        const together = tallyOf(column, values);
        const nested = mergeTallies([mergeTallies(shuffled.slice(0, 3)), mergeTallies(shuffled.slice(3))]);
        expect(normal(nested)).toEqual(normal(together));
        expect(normal(mergeTallies(parts))).toEqual(normal(together));
        expect(columnDistanceOf(nested, together)).toBe(0);
      }),
    );
  });

  test('without a part are the tally of the rest', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const column = pinColumn('x', 'numeric', a);
        const rest = tallyWithout(tallyOf(column, [...a, ...b]), tallyOf(column, b));
        const { counts, missing, infinite, fine } = tallyOf(column, a);
        expect({ ...rest, fine: trimmed(rest) }).toMatchObject({ counts, missing, infinite, fine: trimmed({ fine }) });
      }),
    );
  });

  test('give back percentiles within the error that is stated', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }), (values) => {
        const column = pinColumn('x', 'numeric', values);
        const size = column.kind === 'numeric' ? column.size : 1;
        const sorted = Float64Array.from(values).sort();
        percentilesOf(tallyOf(column, values)).forEach((percentile, i) => {
          const value = sorted[Math.floor((i / 100) * (values.length - 1))] ?? 0;
          if (value / size > 1e-5) expect(Math.abs((percentile * size) / value - 1)).toBeLessThanOrEqual(SIZE_ERROR * 1.001);
        });
      }),
    );
  });
});

describe('pinned bins', () => {
  test('tell a constant from what is beside it, and have a checksum that says when tallies may be added', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const column = pinColumn('x', 'numeric', [value, value, value]);
        expect(columnDistanceOf(tallyOf(column, [value * 1.001 + 1]), tallyOf(column, [value, value, value]))).not.toBe(columnDistanceOf(tallyOf(column, [value]), tallyOf(column, [value, value, value])));
        expect(digestOfPins([column])).not.toBe(digestOfPins([pinColumn('x', 'numeric', [value + 1, value + 1, value + 1])]));
        expect(digestOfPins([column])).toBe(digestOfPins([pinColumn('x', 'numeric', [value, value])]));
      }),
    );
  });
});

describe('the distance and its effect size', () => {
  test('are about zero without a change, however few the rows', () => {
    const random = seededRandom(9);
    const rows = (count: number): number[] => Array.from({ length: count }, () => random() ** 2);
    const column = pinColumn('x', 'numeric', rows(5_000));
    const reference = tallyOf(column, rows(5_000));
    for (const count of [40, 400, 4_000]) {
      const windows = Array.from({ length: 100 }, () => tallyOf(column, rows(count)));
      const mean = (of: (window: ColumnTally) => number): number => windows.reduce((sum, window) => sum + of(window) / windows.length, 0);
      expect(mean((window) => columnDistanceOf(window, reference) ** 2)).toBeLessThan(1 / count);
      expect(mean((window) => shiftedShareOf(window, reference))).toBeLessThan(0.5 / Math.sqrt(count));
    }
  });
});

describe('a unit jump', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 900 }, () => Math.exp(2 + random()));
  const column = pinColumn('x', 'numeric', values);
  const percentiles = (factor: number, amount: number): number[] => percentilesOf(tallyOf(column, values.map((value) => factor * value + amount)));
  const reference = percentiles(1, 0);

  test('is found for every factor that is not small', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.6, max: 1e5, noNaN: true }), (factor) => {
        expect((unitJumpOf(reference, percentiles(factor, 0), 0.05)?.factor ?? 0) / factor).toBeCloseTo(1, 1);
      }),
    );
  });

  test('is not seen in values that moved by an amount', () => {
    fc.assert(fc.property(fc.double({ min: 1, max: 100, noNaN: true }), (amount) => unitJumpOf(reference, percentiles(1, amount), 0.05) === null));
  });
});

describe('the rule of k of n', () => {
  const verdict = fc.constantFrom<RunWindow['verdict']>('in-bounds', 'out-of-bounds', 'too-thin');

  test('never alarms on a window in bounds, and names a window of the run as change point when it alarms', () => {
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), fc.integer({ min: 1, max: 4 }), fc.nat(3), (verdicts, alarmAfter, more) => {
        const windows = verdicts.map((seen, i): RunWindow => ({ from: `w${i}`, verdict: seen }));
        const run = alarmRunOf(windows, { alarmAfter, of: alarmAfter + more });
        if (run.alarmed) expect(windows.find(({ from }) => from === run.changePoint)?.verdict).toBe('out-of-bounds');
        if (verdicts.at(-1) === 'in-bounds') expect(run.alarmed).toBe(false);
      }),
    );
  });
});

describe('the budget of a project', () => {
  test('is never exceeded, gives nobody more than it asked for, and leaves nothing over while somebody wants more', () => {
    const budget = fc.record({ count: fc.double({ min: 0.1, max: 10, noNaN: true }), perMs: fc.integer({ min: 1, max: 1_000 }) });
    fc.assert(
      fc.property(fc.array(budget, { minLength: 1, maxLength: 12 }), budget, (budgets, project) => {
        const pipelines = budgets.map((own, i) => ({ pipeline: `p${i}`, own }));
        const shares = shareBudget(pipelines, project);
        const total = [...shares.values()].reduce((sum, share) => sum + share, 0);
        const wanted = budgets.reduce((sum, { count, perMs }) => sum + count / perMs, 0);
        expect(total).toBeCloseTo(Math.min(wanted, project.count / project.perMs), 9);
        for (const { pipeline, own } of pipelines) expect(shares.get(pipeline) ?? NaN).toBeLessThanOrEqual(own.count / own.perMs);
      }),
    );
  });
});

/** The same integers, however far the finer counts were grown. */
function normal(tally: ColumnTally): object {
  return { ...tally, fine: trimmed(tally) };
}

function trimmed({ fine }: Pick<ColumnTally, 'fine'>): [number, number][] {
  return fine.counts.flatMap((count, i): [number, number][] => (count > 0 ? [[fine.from + i, count]] : []));
}
