import { seededRandom } from '../statistics/seeded-random.js';
import type { Random } from '../statistics/seeded-random.js';
import { flippedLabelsOf } from './flipped-labels.js';
import { lossWindowOf } from './loss-window.js';
import type { LossWindow } from './loss-window.js';

/** A world of two inputs; the model knows the usual one. */
interface World {
  weights?: [number, number];
  offset?: number;
  /** Mean of the first input. */
  mean?: number;
  flipped?: number;
}

function day(random: Random, index: number, { weights = [2.5, 1.5], offset = -0.5, mean = 0, flipped = 0 }: World = {}): LossWindow {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rows = Array.from({ length: 500 }, () => {
    const [a, b] = [mean + normal(), normal()];
    const label = random() < 1 / (1 + Math.exp(-(weights[0] * a + weights[1] * b + offset))) ? 1 : 0;
    return { prediction: 1 / (1 + Math.exp(-(2.5 * a + 1.5 * b - 0.5))), label: random() < flipped ? 1 - label : label };
  });
  return lossWindowOf({ from: `d${index}`, to: `d${index + 1}` }, 'log-loss', rows);
}

const RUNS = 12;
const worlds = (random: Random, days: number, world: World): LossWindow[] => Array.from({ length: days }, (_, i) => day(random, i, world));

const usual = worlds(seededRandom(99), 20, {});

describe('flipped labels', () => {
  test('of 5 % are found within a week, with their share, in nearly all worlds', () => {
    const shares = Array.from({ length: RUNS }, (_, seed) => flippedLabelsOf(worlds(seededRandom(seed + 1), 7, { flipped: 0.05 }), usual)?.measured).filter(
      (share) => typeof share === 'number',
    );
    expect(shares.length).toBeGreaterThanOrEqual(RUNS - 2);
    expect(Math.min(...shares)).toBeGreaterThan(0.03);
    expect(Math.max(...shares)).toBeLessThan(0.08);
  });

  test.each<[string, World]>([
    ['nothing changed', {}],
    ['one input lost half of its weight', { weights: [1.25, 1.5] }],
    ['everything became less certain', { weights: [1.8, 1.1] }],
    ['an input no longer matters', { weights: [2.5, 0] }],
    ['the inputs changed their roles', { weights: [1.5, 2.5] }],
    ['positives became more', { offset: 0.7 }],
    ['the inputs moved', { mean: 1 }],
    ['loads mean the opposite', { weights: [-2.5, -1.5] }],
  ])('are not seen where %s', (_, world) => {
    const found = Array.from({ length: RUNS }, (_unused, seed) => flippedLabelsOf(worlds(seededRandom(seed + 1), 7, world), usual)).filter((finding) => finding !== null);
    expect(found.length).toBeLessThanOrEqual(1);
  });

  test('cannot be told without labels or without both ends of the prediction', () => {
    expect(flippedLabelsOf([], [])).toBeNull();
    const narrow = (label: number): LossWindow => lossWindowOf({ from: 'a', to: 'b' }, 'log-loss', Array.from({ length: 200 }, (_, i) => ({ prediction: 0.5, label: i % 2 === label ? 1 : 0 })));
    expect(flippedLabelsOf([narrow(0)], [narrow(1)])).toBeNull();
  });
});
