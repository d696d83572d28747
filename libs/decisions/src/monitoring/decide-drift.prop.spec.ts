import fc from 'fast-check';
import { seededRandom } from '../statistics/seeded-random.js';
import { alarmRunOf } from './alarm-run.js';
import type { RunWindow } from './alarm-run.js';
import { columnDistanceOf, mergedWindow } from './column-distance.js';
import { pinColumn } from './pin-column.js';
import { unitJumpOf } from './unit-jump.js';
import { columnWindowOf } from './window-profile.js';

const values = fc.array(fc.option(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { nil: null }), { minLength: 1, maxLength: 80 });

describe('windows of a column', () => {
  test('count every row once, whatever the values', () => {
    fc.assert(
      fc.property(values, values, (reference, current) => {
        const { counts, missing } = columnWindowOf(pinColumn('x', 'numeric', reference), current);
        expect(counts.reduce((a, b) => a + b, 0) + missing).toBe(current.length);
      }),
    );
  });

  test('counted apart and merged are the same as counted together', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const column = pinColumn('x', 'numeric', a);
        const merged = mergedWindow([columnWindowOf(column, a), columnWindowOf(column, b)]);
        const together = columnWindowOf(column, [...a, ...b]);
        expect(merged.counts).toEqual(together.counts);
        expect(merged.missing).toBe(together.missing);
        expect(columnDistanceOf(merged, together)).toBe(0);
      }),
    );
  });
});

describe('a unit jump', () => {
  const random = seededRandom(3);
  const reference = columnWindowOf(pinColumn('x', 'numeric', []), Array.from({ length: 900 }, () => Math.exp(2 + random()))).percentiles;

  test('is found for every factor that is not small', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.6, max: 1e5, noNaN: true }), (factor) => {
        expect((unitJumpOf(reference, reference.map((value) => value * factor), 0.1)?.factor ?? 0) / factor).toBeCloseTo(1, 1);
      }),
    );
  });

  test('is not seen in values that moved by an amount', () => {
    fc.assert(fc.property(fc.double({ min: 1, max: 100, noNaN: true }), (amount) => unitJumpOf(reference, reference.map((value) => value + amount), 0.1) === null));
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
