import fc from 'fast-check';
import { maturityOf, rowsBetween } from './matured-rows.js';

const dayMs = 86_400_000;
const days = fc.array(fc.nat(500), { minLength: 1, maxLength: 30 }).map((counts) =>
  counts.map((rows, index) => ({ day: new Date(index * dayMs).toISOString().slice(0, 10), rows })),
);

describe('rows between two times', () => {
  it('never shrink when the stretch grows and are all rows in the end', () => {
    fc.assert(
      fc.property(days, fc.nat(30 * dayMs), fc.nat(30 * dayMs), (counts, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)];
        expect(rowsBetween(counts, 0, early)).toBeLessThanOrEqual(rowsBetween(counts, 0, late));
        expect(rowsBetween(counts, late, 30 * dayMs)).toBeLessThanOrEqual(rowsBetween(counts, early, 30 * dayMs));
        expect(rowsBetween(counts, null, 30 * dayMs)).toBe(counts.reduce((sum, { rows }) => sum + rows, 0));
      }),
    );
  });
});

describe('maturity', () => {
  it('counts no row before its label had time to mature', () => {
    const spine = { days: [{ day: '1970-01-01', rows: 100 }, { day: '1970-01-02', rows: 100 }], watermarkMs: 2 * dayMs };
    expect(maturityOf({ spine, label: spine, maturesAfterMs: dayMs, changePointMs: null, trainingLagMs: 2 * dayMs })).toEqual({ horizonMs: dayMs, rows: 100, trainableRows: 0 });
  });

  it('counts as trainable only what lies before the hold-out and its embargo', () => {
    const spine = { days: Array.from({ length: 10 }, (_, day) => ({ day: `1970-01-${String(day + 1).padStart(2, '0')}`, rows: 100 })), watermarkMs: 10 * dayMs };
    expect(maturityOf({ spine, label: spine, maturesAfterMs: dayMs, changePointMs: 8 * dayMs, trainingLagMs: 5 * dayMs })).toEqual({ horizonMs: 9 * dayMs, rows: 100, trainableRows: 500 });
  });

  it('knows nothing before both data sets have arrived', () => {
    const nothing = { days: [], watermarkMs: -Infinity };
    expect(maturityOf({ spine: nothing, label: nothing, maturesAfterMs: 0, changePointMs: null, trainingLagMs: 0 })).toEqual({ horizonMs: null, rows: 0, trainableRows: 0 });
  });
});
