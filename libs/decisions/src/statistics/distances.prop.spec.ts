import fc from 'fast-check';
import { jensenShannonOf } from './count-distances.js';
import { ksDistanceOf, wassersteinOf } from './sample-distances.js';

const sample = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 60 });
const counts = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }).filter((list) => list.some((count) => count > 0));

describe('distances between two distributions', () => {
  test('are zero against themselves and the same in both directions', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        expect(wassersteinOf(a, a)).toBe(0);
        expect(ksDistanceOf(a, a)).toBe(0);
        expect(wassersteinOf(a, b)).toBeCloseTo(wassersteinOf(b, a), 9);
        expect(ksDistanceOf(a, b)).toBeCloseTo(ksDistanceOf(b, a), 12);
      }),
    );
  });

  test('a shift moves the earth mover by exactly the shift', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0, max: 100, noNaN: true }), (a, shift) => {
        expect(wassersteinOf(a, a.map((value) => value + shift))).toBeCloseTo(shift, 6);
      }),
    );
  });

  test('the Jensen-Shannon distance lies between 0 and the root of ln 2, and does not depend on the number of rows', () => {
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 1, max: 50 }), (r, c, factor) => {
        const distance = jensenShannonOf(r, c);
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(distance).toBeLessThanOrEqual(Math.sqrt(Math.LN2) + 1e-12);
        expect(jensenShannonOf(r, c.map((count) => count * factor))).toBeCloseTo(distance, 6);
      }),
    );
  });
});
