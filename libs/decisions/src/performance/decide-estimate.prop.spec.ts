import fc from 'fast-check';
import { decideIncident } from '../monitoring/decide-incident.js';
import type { Assessment, Incident } from '../monitoring/decide-incident.js';
import type { HoldOutScores } from '../evaluation/gate-policy.js';
import { decideEstimate, estimatedAssessmentOf } from './decide-estimate.js';
import type { EstimatedLoss } from './decide-estimate.js';
import type { MeasuredPerformance } from './performance-of.js';

const policy = { alphaPerWindow: 0.01, minimumRows: 30, minimumReferenceWindows: 3, patienceWindows: 3 };
const estimates = fc.record({
  meanLoss: fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), fc.constantFrom(NaN, Infinity)),
  rows: fc.nat(500),
});
const estimateOf = ({ meanLoss, rows }: { meanLoss: number; rows: number }, i: number): EstimatedLoss => ({
  kind: 'estimated', method: 'cbpe', from: new Date(i * 86_400_000).toISOString(), to: new Date((i + 1) * 86_400_000).toISOString(), rows, meanLoss,
});

describe('an estimated loss', () => {
  test('never ends an incident, whatever is estimated and however often', () => {
    fc.assert(
      fc.property(fc.array(estimates, { maxLength: 8 }), fc.array(estimates, { minLength: 1, maxLength: 40 }), fc.nat(10), (usual, seen, overdue) => {
        const measured: Assessment = { from: '2001-01-01T00:00:00Z', to: '2001-01-02T00:00:00Z', verdict: 'alarm', diagnosis: 'concept', changePoint: null };
        const rules = { kind: 'performance' as const, newId: 'i', policy: { resolveAfter: { data: 1, drift: 1, performance: 1, labels: 1, estimate: 1, measure: 1, fairness: 1 } } };
        let incident: Incident | null = decideIncident(null, measured, rules).next;
        seen.map(estimateOf).forEach((estimate) => {
          const decision = decideEstimate(estimate, usual.map(estimateOf), overdue, policy);
          const { next, action } = decideIncident(incident, estimatedAssessmentOf(estimate, decision), rules);
          expect(action).toBe('none');
          incident = next;
        });
        expect(incident?.state).toBe('raised');
      }),
    );
  });

  test('knows no word for good: it alerts, waits, asks or cannot say', () => {
    fc.assert(
      fc.property(fc.array(estimates, { maxLength: 8 }), estimates, fc.nat(10), (usual, seen, overdue) => {
        const { action } = decideEstimate(estimateOf(seen, 0), usual.map(estimateOf), overdue, policy);
        expect(['alert', 'wait-for-labels', 'ask-a-person', 'cannot-say']).toContain(action);
      }),
    );
  });

  test('is no evidence of a gate and no measured performance, by its type', () => {
    const estimate = estimateOf({ meanLoss: 0.1, rows: 100 }, 0);
    // @ts-expect-error An estimate is no score of a hold-out.
    const scores: HoldOutScores = estimate;
    // @ts-expect-error Nor does it end an incident.
    const measured: MeasuredPerformance = estimate;
    expect([scores, measured]).toHaveLength(2);
  });
});
