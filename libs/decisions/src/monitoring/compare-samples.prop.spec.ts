import fc from 'fast-check';
import { seededRandom } from '../statistics/seeded-random.js';
import { compareSamples } from './compare-samples.js';
import type { SampledColumn } from './compare-samples.js';

const random = seededRandom(3);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function numbers(m: number, n: number, value: () => number, shift = 0): SampledColumn {
  const sample = (rows: number, by: number): Float64Array => Float64Array.from({ length: rows }, () => value() + by).sort();
  return { column: { kind: 'numeric', samples: { reference: sample(m, 0), current: sample(n, shift), integers: false } }, missing: { reference: 0, current: 0 } };
}

function categories(rows: number, kinds: number): SampledColumn {
  const counts = (): number[] => Array.from({ length: rows }, () => Math.floor(kinds * random())).reduce((sums, kind) => sums.with(kind, (sums[kind] ?? 0) + 1), new Array<number>(kinds).fill(0));
  return { column: { kind: 'categorical', counts: { reference: counts(), current: counts() } }, missing: { reference: 0, current: 0 } };
}

describe('two samples compared beyond chance', () => {
  it.each<[string, () => SampledColumn]>([
    ['of numbers', () => numbers(300, 200, normal)],
    ['of few numbers', () => numbers(25, 20, normal)],
    ['of numbers with ties', () => numbers(200, 200, () => Math.round(normal()))],
    ['of 200 categories, thirty of which have bins', () => categories(300, 200)],
  ])('%s that do not differ are found to differ about as often as allowed', (_, sampleOf) => {
    const trials = 150;
    const found = Array.from({ length: trials }, (_each, trial) => compareSamples(sampleOf(), 0.05, trial)).filter(({ score, threshold }) => score > threshold).length;
    expect(found).toBeLessThanOrEqual(15); // 7.5 expected; more than 15 in one of 500 runs
  });

  it('are found to differ when one moved, with an effect that grows with the move', () => {
    const effects = [0.5, 1, 3].map((shift) => {
      const { score, threshold, effect } = compareSamples(numbers(400, 300, normal, shift), 0.001, 1);
      expect(score).toBeGreaterThan(threshold);
      return effect;
    });
    expect(effects).toEqual([...effects].sort((a, b) => a - b));
    expect(effects[2]).toBeGreaterThan(0.7);
  });

  it('cannot be told apart by three rows', () => {
    expect(compareSamples(numbers(3, 3, normal, 100), 0.001, 1).canTell).toBe(false);
  });

  it('have a finite score and threshold whatever the values', () => {
    const sample = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 });
    fc.assert(fc.property(sample, sample, fc.nat(20), (a, b, missing) => {
      const samples = { reference: Float64Array.from(a).sort(), current: Float64Array.from(b).sort(), integers: false };
      const { score, threshold, effect } = compareSamples({ column: { kind: 'numeric', samples }, missing: { reference: missing, current: 0 } }, 0.05, 1);
      expect([score, threshold, effect].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    }), { numRuns: 30 });
  });
});
