import fc from 'fast-check';
import { levelCorrectedLossOf } from './level-corrected-loss.js';
import { bestConstantOf, lossOfRow } from './row-losses.js';
import type { LossName } from './row-losses.js';

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const labels = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 5, maxLength: 60 }).filter((values) => new Set(values).size === 2);

describe('the loss apart from the general level', () => {
  it('is that of the best constant for a model that ignores its inputs', () => {
    fc.assert(
      fc.property(labels, fc.double({ min: 0.02, max: 0.98, noNaN: true }), fc.constantFrom<LossName>('log-loss', 'squared-error', 'absolute-error'), (truth, constant, loss) => {
        const best = mean(truth.map((label) => lossOfRow(loss, bestConstantOf(loss, truth), label)));
        expect(levelCorrectedLossOf(loss, truth.map(() => constant), truth)).toBeCloseTo(best, 9);
      }),
    );
  });

  it('does not change when all predictions move by the same amount, and is never above the plain loss', () => {
    const truth = [1, 3, 2, 5];
    const predictions = [2, 2.5, 3, 4];
    const moved = predictions.map((value) => value + 7);
    expect(levelCorrectedLossOf('squared-error', moved, truth)).toBeCloseTo(levelCorrectedLossOf('squared-error', predictions, truth), 12);
    const late = [0, 0, 1, 0, 1, 0, 0, 0];
    const pessimist = [0.3, 0.4, 0.7, 0.5, 0.8, 0.4, 0.3, 0.5];
    const plain = mean(late.map((label, row) => lossOfRow('log-loss', pessimist[row] ?? NaN, label)));
    expect(levelCorrectedLossOf('log-loss', pessimist, late)).toBeLessThan(plain);
  });
});
