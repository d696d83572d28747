import fc from 'fast-check';
import { seededRandom } from '../statistics/seeded-random.js';
import { evidenceOfGain } from './evidence-of-gain.js';

const ALPHA = 0.1;
const STREAMS = 300;
const BLOCKS = 56;
const LOOKS_FROM = 6;

/** Share of streams whose evidence ever reaches 1 / alpha, looked at after every second block, as a shadow of seven days of three hours is. */
function promotedShare(draw: (random: () => number) => number): number {
  const random = seededRandom(11);
  const promoted = Array.from({ length: STREAMS }, () => {
    const gains: number[] = [];
    for (let block = 1; block <= BLOCKS; block += 1) {
      gains.push(draw(random));
      if (block >= LOOKS_FROM && block % 2 === 0 && evidenceOfGain(gains) >= 1 / ALPHA) return 1;
    }
    return 0;
  });
  return promoted.reduce((sum: number, each) => sum + each, 0) / STREAMS;
}

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

describe('evidence of a gain', () => {
  test('reaches 1 / alpha in no more than alpha of the streams in which there is none, however often one looks', () => {
    expect(promotedShare(normal)).toBeLessThanOrEqual(ALPHA);
    expect(promotedShare((random) => normal(random) / Math.sqrt((normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2) / 3))).toBeLessThanOrEqual(ALPHA);
  });

  test('is not misled by a challenger that is mostly a little better and seldom much worse', () => {
    const rowGain = (random: () => number): number => (random() < 0.02 ? -4.9 : 0.1);
    expect(promotedShare((random) => Array.from({ length: 50 }, () => rowGain(random)).reduce((a, b) => a + b, 0))).toBeLessThanOrEqual(ALPHA);
  });

  test('is there within a day of three-hour blocks when every block gains, and with a weak gain within two weeks', () => {
    expect(evidenceOfGain([1, 1.4, 0.8, 1.2, 0.9, 1.1, 1.3, 1])).toBeGreaterThan(1 / ALPHA);
    expect(promotedShare((random) => 0.4 + normal(random))).toBeGreaterThan(0.6);
  });

  test('does not depend on the unit of the loss', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 20 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (gains, unit) => {
        fc.pre(gains.some((gain) => Math.abs(gain) > 1e-3));
        expect(evidenceOfGain(gains.map((gain) => gain * unit)) / evidenceOfGain(gains)).toBeCloseTo(1, 6);
      }),
      { numRuns: 30 },
    );
  });

  test('is none of nothing, of one block, and of two versions that answer alike', () => {
    expect([evidenceOfGain([]), evidenceOfGain([3]), evidenceOfGain([0, 0, 0, 0])]).toEqual([1, 1, 1]);
  });
});
