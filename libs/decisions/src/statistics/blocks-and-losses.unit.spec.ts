import { bootstrapLowerBoundOf } from './block-bootstrap.js';
import { blockEstimateOf, lowerBoundOf, upperBoundOf } from './block-estimate.js';
import { bestConstantOf, lossOfRow } from './row-losses.js';
import { rocAucOf } from './roc-auc.js';
import { seededRandom } from './seeded-random.js';

const days = [0.02, -0.01, 0.05, 0.03, 0, 0.04].map((mean, i) => ({ block: `day-${i}`, rows: 50, sum: 50 * mean, squareSum: 50 * 0.09 }));

describe('an estimate over blocks', () => {
  test("is Student's t over the block means when all blocks have the same size", () => {
    const estimate = blockEstimateOf(days);
    expect(estimate.mean).toBeCloseTo(0.021666666666666667, 14);
    expect(estimate.standardError).toBeCloseTo(0.009457507306074074, 14);
    expect(lowerBoundOf(estimate, 0.05)).toBeCloseTo(0.0026093319537769215, 12);
    expect(upperBoundOf(estimate, 0.05)).toBeCloseTo(2 * estimate.mean - 0.0026093319537769215, 12);
  });

  test('tells of how many independent rows the rows are worth', () => {
    const sameWithinBlocks = [1, 0, 1, 0].map((value, i) => ({ block: `${i}`, rows: 100, sum: 100 * value, squareSum: 100 * value }));
    expect(blockEstimateOf(sameWithinBlocks).effectiveRows).toBeCloseTo(3, 10);
    expect(blockEstimateOf(sameWithinBlocks).rows).toBe(400);
  });

  test('has no bound with a single block', () => {
    expect(lowerBoundOf(blockEstimateOf(days.slice(0, 1)), 0.05)).toBeNaN();
    expect(bootstrapLowerBoundOf(days.slice(0, 1), 0.05, { resamples: 10, seed: 1 })).toBeNaN();
  });

  test('has a bootstrap bound near the one by t, and the same one for the same seed', () => {
    const bound = bootstrapLowerBoundOf(days, 0.05, { resamples: 4000, seed: 7 });
    expect(bound).toBe(bootstrapLowerBoundOf(days, 0.05, { resamples: 4000, seed: 7 }));
    expect(Math.abs(bound - lowerBoundOf(blockEstimateOf(days), 0.05))).toBeLessThan(0.005);
  });

  test('by t covers the truth as often as it promises, where one by single rows would not', () => {
    const random = seededRandom(20);
    let missedByBlocks = 0;
    let missedByRows = 0;
    for (let trial = 0; trial < 400; trial += 1) {
      const blocks = Array.from({ length: 8 }, (_, i) => correlatedDay(`${i}`, random));
      const rows = blocks.flatMap(({ values }) => values.map((value, i) => ({ block: `${i}`, rows: 1, sum: value, squareSum: value * value })));
      if (lowerBoundOf(blockEstimateOf(blocks), 0.05) > 0) missedByBlocks += 1;
      if (lowerBoundOf(blockEstimateOf(rows), 0.05) > 0) missedByRows += 1;
    }
    expect(missedByBlocks / 400).toBeLessThan(0.08);
    expect(missedByRows / 400).toBeGreaterThan(0.2);
  });
});

function correlatedDay(block: string, random: () => number): { block: string; rows: number; sum: number; squareSum: number; values: number[] } {
  const day = random() - 0.5;
  const values = Array.from({ length: 40 }, () => day + random() - 0.5);
  return { block, rows: 40, sum: values.reduce((a, b) => a + b, 0), squareSum: values.reduce((a, b) => a + b * b, 0), values };
}

describe('losses and ranks', () => {
  const labels = [0, 0, 1, 1, 1, 0, 1, 0];
  const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.2, 0.9, 0.4];

  test('agree with scikit-learn', () => {
    expect(rocAucOf(scores, labels)).toBeCloseTo(0.8125, 14);
    expect(labels.reduce((sum, label, i) => sum + lossOfRow('log-loss', scores[i] ?? 0, label), 0) / 8).toBeCloseTo(0.4555965297311108, 14);
  });

  test('a constant score has no rank, and a single class no AUC', () => {
    expect(rocAucOf(labels.map(() => 0.7), labels)).toBe(0.5);
    expect(rocAucOf([0.1, 0.2], [1, 1])).toBeNaN();
  });

  test('a certain and wrong prediction costs much but not infinitely much', () => {
    expect(lossOfRow('log-loss', 1, 0)).toBeCloseTo(-Math.log(1e-7), 6);
  });

  test('the best constant is the mean, and for absolute errors the median', () => {
    expect(bestConstantOf('squared-error', [1, 2, 9])).toBe(4);
    expect(bestConstantOf('absolute-error', [1, 2, 9])).toBe(2);
  });
});
