import type { EvaluationCompleted, Pipeline } from '@millrace/contracts';
import { decideActivation } from './decide-activation.js';
import { decideApproval } from './decide-approval.js';
import { decideModelVersion } from './decide-model-version.js';

const parity = { rows: 100, largestDifference: 1e-8, passed: true };
const pipeline = {
  evaluation: { holdOutMs: 1, block: 'day', metric: 'log-loss', gates: { minimum: { 'roc-auc': 0.6 }, maximum: {}, gain: { alpha: 0.05 }, referenceLoss: 0.02 } },
  approval: { firstVersion: 'automatic', next: 'person', secondPerson: false },
} as Pick<Pipeline, 'evaluation' | 'approval'>;

describe('a new model version', () => {
  it('is approved as the first one when it keeps the absolute gates', () => {
    expect(decideModelVersion(evaluationOf(null), pipeline, { champion: null, earlierTries: 0 }).next).toEqual({ stage: 'approved' });
  });

  it('waits for a person when the pipeline says so', () => {
    expect(decideModelVersion(evaluationOf(0.1), pipeline, { champion: 1, earlierTries: 0 }).next).toEqual({ stage: 'awaiting-approval' });
  });

  it('is rejected when it gains nothing over the champion, with the numbers', () => {
    const decision = decideModelVersion(evaluationOf(0), pipeline, { champion: 1, earlierTries: 0 });
    expect(decision.next).toEqual({ stage: 'rejected', verdict: 'not-better' });
    expect(decision.because.find(({ check }) => check === 'gain-on-recent-hold-out')).toMatchObject({ passed: false, blocks: 10 });
  });

  it('cannot be judged when another champion serves than the one it was compared with', () => {
    const decision = decideModelVersion(evaluationOf(0.1), pipeline, { champion: 2, earlierTries: 0 });
    expect(decision.next).toEqual({ stage: 'rejected', verdict: 'cannot-say' });
  });
});

describe('a pipeline version', () => {
  const ready = (service: string) => ({ service, state: 'ready' as const, because: [] });
  it('becomes active when every service is ready', () => {
    expect(decideActivation(2, [ready('ingestion'), ready('training')], 1)).toEqual({ next: 'active' });
  });

  it('waits while a service has not answered', () => {
    expect(decideActivation(2, [ready('ingestion'), { service: 'training', state: 'pending', because: [] }], 1)).toEqual({ next: 'pending' });
  });

  it('is refused by one refusal, whoever has not answered', () => {
    const refused = { service: 'training', state: 'refused' as const, because: [{ check: 'command', passed: false }] };
    expect(decideActivation(2, [refused, { service: 'ingestion', state: 'pending', because: [] }], 1)).toEqual({ next: 'refused', refusals: [{ service: 'training', because: refused.because }] });
  });

  it('does not replace a later one', () => {
    expect(decideActivation(2, [ready('ingestion')], 3)).toEqual({ next: 'superseded' });
  });
});

describe('an approval', () => {
  const request = { actor: 'user:ann', note: '', stage: 'awaiting-approval', secondPerson: true, involved: ['user:bob'] };
  it('is refused by the person who asked for the version', () => {
    expect(() => decideApproval({ ...request, involved: ['user:ann'] })).toThrow(expect.objectContaining({ code: 'second-person-required' }));
  });

  it('is refused for a version that does not wait', () => {
    expect(() => decideApproval({ ...request, stage: 'rejected' })).toThrow(expect.objectContaining({ code: 'not-awaiting-approval' }));
  });

  it('names the person', () => {
    expect(decideApproval(request).map(({ measured }) => measured)).toEqual(['user:ann', 'user:ann']);
  });
});

/** A hold-out of ten days on which the challenger's loss is lower by `gain`; null: no champion. */
function evaluationOf(gain: number | null): Pick<EvaluationCompleted, 'champion' | 'holdOuts' | 'parity'> {
  const blocks = Array.from({ length: 10 }, (_, day) => {
    const challengerLoss = 0.5 + day / 1000;
    const noise = ((day % 3) - 1) / 100;
    return { block: `2026-01-${String(day + 1).padStart(2, '0')}`, rows: 100, challengerLoss, championLoss: gain === null ? null : challengerLoss + gain + noise };
  });
  const metrics = { challenger: { 'log-loss': 0.5, 'constant-log-loss': 0.6, 'roc-auc': 0.7 }, champion: gain === null ? null : { 'log-loss': 0.5 + gain } };
  const holdOut = { kind: 'recent' as const, holdOut: 'default/ho-1', rows: 1000, window: { from: '', to: '' }, blocks, metrics };
  return { champion: gain === null ? null : { modelVersion: 1, run: 'default/run-1' }, holdOuts: [holdOut], parity };
}
