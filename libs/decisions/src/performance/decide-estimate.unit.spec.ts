import { decideEstimate, estimatedAssessmentOf } from './decide-estimate.js';
import type { EstimatedLoss } from './decide-estimate.js';
import { expectedClassificationOf } from './estimate-classification.js';
import { isotonicFitOf } from './isotonic-regression.js';
import { expectedLossesOf, lossModelOf } from './loss-model.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { meanOf } from '../statistics/moments.js';

const policy = { alphaPerWindow: 0.01, minimumRows: 30, minimumReferenceWindows: 3, patienceWindows: 2 };
const estimate = (meanLoss: number, rows = 200): EstimatedLoss => ({ kind: 'estimated', method: 'dle', from: '2001-01-01T00:00:00.000Z', to: '2001-01-02T00:00:00.000Z', rows, meanLoss });
const usual = [0.5, 0.52, 0.48, 0.51].map((loss) => estimate(loss));

describe('an estimate of the loss', () => {
  test('above that of usual windows alerts and begins an incident of its own', () => {
    const decision = decideEstimate(estimate(0.8), usual, 0, policy);
    expect(decision.action).toBe('alert');
    expect(estimatedAssessmentOf(estimate(0.8), decision)).toMatchObject({ verdict: 'alarm', changePoint: '2001-01-01T00:00:00.000Z' });
  });

  test('that is usual waits for labels, and asks a person when they are long overdue', () => {
    expect(decideEstimate(estimate(0.5), usual, 2, policy).action).toBe('wait-for-labels');
    expect(decideEstimate(estimate(0.5), usual, 3, policy).action).toBe('ask-a-person');
  });

  test.each([
    ['few rows', estimate(0.5, 29), usual],
    ['a reference that is gone', estimate(0.5), []],
    ['no number', estimate(NaN), usual],
  ])('of %s cannot say', (_, seen, reference) => {
    expect(decideEstimate(seen, reference, 0, policy)).toMatchObject({ action: 'cannot-say', because: [{ passed: false }] });
  });
});

describe('the model of the losses', () => {
  const random = seededRandom(9);
  const x = Array.from({ length: 4_000 }, () => random());
  const other = x.map(() => random());
  const losses = x.map((each) => (each > 0.7 ? 3 : 1) + 0.5 * (random() - 0.5));
  const model = lossModelOf([x, other], losses);

  test('finds where the monitored model errs, and so what its loss becomes when inputs move there', () => {
    expect(meanOf(expectedLossesOf(model, [x, other]))).toBeCloseTo(meanOf(losses), 3);
    const moved = x.map((each) => 0.7 + 0.3 * each);
    expect(meanOf(expectedLossesOf(model, [moved, other]))).toBeGreaterThan(2.8);
  });

  test('takes a missing input as it takes small ones, and rows that it never saw without failing', () => {
    expect(expectedLossesOf(model, [[NaN, Infinity, -Infinity], [0.5, 0.5, NaN]]).every(Number.isFinite)).toBe(true);
  });
});

/** The stream of the drift goldens: x = (1103515245 x + 12345) mod 2^31, as numbers in [0, 1). */
function lcg(length: number, seed: bigint): number[] {
  let x = seed;
  return Array.from({ length }, () => Number((x = (1_103_515_245n * x + 12_345n) % 2_147_483_648n)) / 2_147_483_648);
}

describe('estimates beside those of NannyML 0.13.1 itself', () => {
  test('CBPE is equal (its ROC AUC is rounded there)', () => {
    const bounded = (value: number): number => Math.min(0.98, Math.max(0.02, value));
    const scores = lcg(4_000, 42n).map(bounded);
    const labels = lcg(4_000, 7n).map((value, row) => (value < (scores[row] ?? 0) ** 1.4 ? 1 : 0));
    const estimated = expectedClassificationOf(scores.slice(3_000).map((score) => bounded(score ** 1.3)), isotonicFitOf(scores.slice(0, 3_000), labels.slice(0, 3_000)));
    expect(estimated.f1).toBeCloseTo(0.7132325643707182, 9);
    expect(estimated.accuracy).toBeCloseTo(0.7775483073646702, 9);
    expect(estimated.precision).toBeCloseTo(0.6633931686162344, 9);
    expect(estimated.recall).toBeCloseTo(0.771168937045697, 9);
    expect(estimated['roc-auc']).toBeCloseTo(0.8644302104312841, 5);
  });

  test('DLE is near: the second model is another one', () => {
    const [x, z, noise] = [lcg(6_000, 11n), lcg(6_000, 5n), lcg(6_000, 99n)];
    const error = x.map((each, row) => Math.abs(((noise[row] ?? 0) - 0.5) * (1 + 6 * (each > 0.6 ? 1 : 0))));
    const model = lossModelOf([x.slice(0, 4_000), z.slice(0, 4_000), x.slice(0, 4_000).map((each) => 10 * each)], error.slice(0, 4_000));
    const moved = x.slice(4_000).map((each) => 0.5 + 0.5 * each);
    expect(Math.abs(meanOf(expectedLossesOf(model, [moved, z.slice(4_000), moved.map((each) => 10 * each)])) / 1.4295526096815652 - 1)).toBeLessThan(0.03);
  });
});
