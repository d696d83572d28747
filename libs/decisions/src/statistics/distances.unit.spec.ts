import { chiSquareTest, twoShareTest } from './categorical-tests.js';
import { jensenShannonOf, ksDistanceOfCounts, kullbackLeiblerOf, psiOf, wassersteinOfCounts } from './count-distances.js';
import { histogramOf, sturgesEdgesOf } from './histogram.js';
import { quantilesOf } from './quantiles.js';
import { ksDistanceOf, normedWassersteinOf, wassersteinOf } from './sample-distances.js';

/** The linear congruential stream that the golden numbers were computed on (numpy, scipy, Evidently 0.7.23). */
function lcg(rows: number, seed: number): number[] {
  let state = BigInt(seed);
  return Array.from({ length: rows }, () => {
    state = (1_103_515_245n * state + 12_345n) % 2_147_483_648n;
    return Number(state) / 2_147_483_648;
  });
}

const golden = [
  { n1: 300, n2: 200, shift: 0.1, bins: 10, ks: 0.126666666667, psi: 0.392371616656, kl: 0.189017746452, js: 0.211230600515, w: 0.253926975726 },
  { n1: 500, n2: 500, shift: 0.05, bins: 11, ks: 0.07, psi: 0.0563125912505, kl: 0.0300022336104, js: 0.083320627799, w: 0.12070490262 },
  { n1: 2000, n2: 1500, shift: 0.3, bins: 13, ks: 0.334333333333, psi: 4.06320810765, kl: 2.01707201949, js: 0.453902602305, w: 1.0536054515 },
  { n1: 12000, n2: 11000, shift: 0.02, bins: 16, ks: 0.0272803030303, psi: 0.0166397166364, kl: 0.00830594319211, js: 0.0454891907708, w: 0.071382399721 },
];

describe('distances between two distributions', () => {
  test.each(golden)('agree with Evidently and scipy on $n1 against $n2 rows', ({ n1, n2, shift, bins, ks, psi, kl, js, w }) => {
    const reference = lcg(n1, 42);
    const current = lcg(n2, 7).map((value) => value + shift);
    const edges = sturgesEdgesOf(reference, current);
    const r = histogramOf(reference, edges);
    const c = histogramOf(current, edges);
    expect(r).toHaveLength(bins);
    expect(ksDistanceOf(reference, current)).toBeCloseTo(ks, 10);
    expect(psiOf(r, c)).toBeCloseTo(psi, 9);
    expect(kullbackLeiblerOf(r, c)).toBeCloseTo(kl, 9);
    expect(jensenShannonOf(r, c)).toBeCloseTo(js, 10);
    expect(normedWassersteinOf(reference, current)).toBeCloseTo(w, 9);
  });

  test('of categories agree with Evidently', () => {
    const r = [50, 30, 20];
    const c = [35, 40, 25];
    expect(chiSquareTest(r, c).pValue).toBeCloseTo(0.010655632358543929, 13);
    expect(psiOf(r, c)).toBeCloseTo(0.09342662640169846, 13);
    expect(jensenShannonOf(r, c)).toBeCloseTo(0.10783258918194409, 13);
    expect(kullbackLeiblerOf(r, c)).toBeCloseTo(0.04740413997098998, 13);
  });

  test('of two shares agree with the pooled z test', () => {
    const { statistic, pValue } = twoShareTest({ hits: 60, rows: 200 }, { hits: 63, rows: 150 });
    expect(statistic).toBeCloseTo(-2.3270751647490346, 12);
    expect(pValue).toBeCloseTo(0.01996126507031848, 12);
    expect(twoShareTest({ hits: 9, rows: 9 }, { hits: 4, rows: 4 }).pValue).toBe(1);
  });

  test('a category that the reference never had makes the chi-square test certain', () => {
    expect(chiSquareTest([50, 50, 0], [40, 40, 1])).toEqual({ statistic: Infinity, pValue: 0 });
  });

  test('of samples with ties agree with scipy', () => {
    expect(ksDistanceOf([1, 2.5, 2.5, 7, 9], [0.5, 2.5, 8, 11])).toBeCloseTo(0.3, 14);
    expect(wassersteinOf([1, 2.5, 2.5, 7, 9], [0.5, 2.5, 8, 11])).toBeCloseTo(1.5, 14);
    expect(quantilesOf([9, 2.5, 1, 7, 2.5], [0.1, 0.5, 0.9])).toEqual([1.6, 2.5, 8.2]);
  });

  test('of histograms over the same ordered bins are counted in bins', () => {
    expect(wassersteinOfCounts([1, 0, 0], [0, 0, 1])).toBe(2);
    expect(ksDistanceOfCounts([1, 1, 0], [0, 1, 1])).toBe(0.5);
    expect(jensenShannonOf([5, 0, 3, 2], [1, 4, 4, 1])).toBeCloseTo(0.4727407915662313, 14);
  });

  test('count a value outside the pinned edges in the outer bins', () => {
    expect(histogramOf([-5, 0, 1, 1.5, 99], [0, 1])).toEqual([1, 1, 3]);
  });

  test('are undefined against an empty side', () => {
    expect(ksDistanceOf([], [1])).toBeNaN();
    expect(wassersteinOf([1], [])).toBeNaN();
    expect(jensenShannonOf([0, 0], [1, 2])).toBeNaN();
  });
});
