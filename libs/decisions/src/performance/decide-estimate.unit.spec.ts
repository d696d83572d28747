import { decideEstimate, estimatedAssessmentOf } from './decide-estimate.js';
import type { EstimatedLoss } from './decide-estimate.js';
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
