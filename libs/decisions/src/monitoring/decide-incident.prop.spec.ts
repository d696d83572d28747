import fc from 'fast-check';
import { decideIncident } from './decide-incident.js';
import type { Assessment, Incident } from './decide-incident.js';

const assessment = fc.record({
  verdict: fc.constantFrom<Assessment['verdict']>('alarm', 'in-bounds', 'out-of-bounds', 'cannot-say'),
  diagnosis: fc.constantFrom<Assessment['diagnosis']>('data-incident', 'covariate'),
});

function live(assessments: { verdict: Assessment['verdict']; diagnosis: Assessment['diagnosis'] }[], resolveAfter = 2): string[] {
  let incident: Incident | null = null;
  return assessments.map((seen, i) => {
    const window = { from: `w${i}`, to: `w${i + 1}`, changePoint: `w${i}`, ...seen };
    const decision = decideIncident(incident, window, { kind: 'drift', newId: `incident-${i}`, policy: { resolveAfter: { data: resolveAfter, drift: resolveAfter, performance: resolveAfter, labels: resolveAfter, estimate: resolveAfter, measure: resolveAfter, fairness: resolveAfter } } });
    incident = decision.next;
    return decision.action;
  });
}

describe('an incident', () => {
  test('is raised and resolved in turn: never raised twice without being resolved between', () => {
    fc.assert(
      fc.property(fc.array(assessment), (assessments) => {
        const turns = live(assessments).filter((action) => action === 'raise' || action === 'resolve');
        turns.forEach((action, i) => expect(action).toBe(i % 2 === 0 ? 'raise' : 'resolve'));
      }),
    );
  });

  test('is over only after as many windows in bounds in a row as the policy says', () => {
    const seen = (verdict: Assessment['verdict']) => ({ verdict, diagnosis: 'covariate' as const });
    expect(live([seen('alarm'), seen('in-bounds'), seen('out-of-bounds'), seen('in-bounds'), seen('cannot-say'), seen('in-bounds')])).toEqual([
      'raise',
      'none',
      'none',
      'none',
      'none',
      'resolve',
    ]);
  });
});
