import fc from 'fast-check';
import type { RolloutPlan } from '@millrace/contracts';
import { decideTrigger } from '../training/decide-trigger.js';
import type { TriggerSituation } from '../training/decide-trigger.js';
import { servingReactionOf } from '../training/serving-reaction.js';
import { decideNextStep, decideRolloutStart } from './decide-next-step.js';
import { decideRolloutReaction } from './decide-rollout-reaction.js';
import type { MonitoringSignal } from './decide-rollout-reaction.js';
import { DEFAULT_DURING } from './rollout-reactions.js';
import { stepsOf } from './rollout-state.js';
import type { RolloutNext, RolloutState, ServedVersion } from './rollout-state.js';
import { targetsOf } from './targets-of.js';

const plans: fc.Arbitrary<RolloutPlan> = fc.record({
  shadowPredictions: fc.nat(1000),
  shadowMargin: fc.double({ min: 0, max: 1, noNaN: true }),
  canary: fc.array(fc.record({ trafficRatio: fc.double({ min: 0.01, max: 1, noNaN: true }), predictions: fc.integer({ min: 1, max: 1000 }) }), { maxLength: 4 }),
  bakeMs: fc.nat(10_000),
  shadowPredecessor: fc.nat(1000),
});
const serving = fc.constantFrom('retrain' as const, 'shadow' as const, 'roll-back' as const, 'hold' as const, 'alert' as const);
const reactions = fc.record({ drift: serving, performance: serving });
const usual = { drift: 'retrain', performance: 'retrain' } as const;
const calm: TriggerSituation = {
  phase: 'none', champion: 1, openHolds: [], openRun: null, reaction: 'retrain', nowMs: 1, maturedRows: 1, neededRows: 1, trainable: { rows: 1, needed: 1 }, waitingSinceMs: null, labelDeadlineMs: 1, lastRunMs: null, coolDownMs: 0, signalRunsMs: [], runBudget: null,
  rowsToTryAgain: 1, lastRefusal: null, retried: false,
};
const verdicts = fc.constantFrom('pass' as const, 'fail' as const, 'inconclusive' as const);

describe('a rollout', () => {
  it('ends, and only a pass of every step makes the new version the champion', () => {
    fc.assert(
      fc.property(plans, fc.array(verdicts, { minLength: 1, maxLength: 30 }), (plan, given) => {
        let next = decideRolloutStart(rolloutOf(plan)).next;
        let passes = 0;
        for (const verdict of given) {
          if (next.state !== 'open') break;
          if (verdict === 'pass') passes += 1;
          next = decideNextStep(next.rollout, { step: next.rollout.at + 1, verdict, because: [] })?.next ?? next;
        }
        if (next.state === 'completed') expect(passes).toBe(stepsOf(plan).length);
        if (next.state === 'open') expect(passes).toBe(next.rollout.at);
      }),
    );
  });

  it('is not moved by the verdict on a step that it left', () => {
    fc.assert(
      fc.property(plans, verdicts, fc.integer({ min: -3, max: 9 }), (plan, verdict, step) => {
        const { next } = decideRolloutStart(rolloutOf(plan));
        fc.pre(next.state === 'open' && step !== 1);
        expect(decideNextStep(next.rollout, { step, verdict, because: [] })).toBeNull();
      }),
    );
  });

  it('never shares out more or less than all traffic, and the new version answers nothing in shadow', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const step of stepsOf(plan)) {
          const targets = targetsOf(step, versionOf(2), versionOf(1));
          expect(targets.reduce((sum, { trafficRatio }) => sum + trafficRatio, 0)).toBeCloseTo(1, 12);
          if (step.phase === 'shadow') expect(targets.find(({ modelVersion }) => modelVersion === 2)?.trafficRatio).toBe(0);
        }
      }),
    );
  });

  it('ends when growing evidence could not tell for long', () => {
    const open = opened(rolloutOf({ shadowPredictions: 10, shadowMargin: 0, canary: [], bakeMs: 1, shadowPredecessor: 0 }));
    expect(decideNextStep({ ...open, inconclusive: 3 }, { step: 1, verdict: 'inconclusive', because: [] })).toBeNull();
    expect(decideNextStep({ ...open, inconclusive: 13 }, { step: 1, verdict: 'inconclusive', because: [] })?.next.state).toBe('rolled-back');
  });

  it('is paused by broken data and moves on by no verdict but a failure until they are mended', () => {
    const open = opened(rolloutOf({ shadowPredictions: 10, shadowMargin: 0, canary: [], bakeMs: 1, shadowPredecessor: 0 }));
    const paused = { ...open, pausedBy: 'default/inc-1' };
    expect(decideNextStep(paused, { step: 1, verdict: 'pass', because: [] })).toBeNull();
    expect(decideNextStep(paused, { step: 1, verdict: 'fail', because: [] })?.next.state).toBe('rolled-back');
  });
});

describe('a finding of monitoring', () => {
  it('is answered by exactly one of deployment and training, and broken data hold training in every phase', () => {
    const diagnoses = fc.constantFrom('data-incident' as const, 'covariate' as const, 'concept' as const, 'label-shift' as const, 'cannot-say' as const);
    fc.assert(
      fc.property(plans, diagnoses, fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 3 }), reactions, (plan, diagnosis, isDrift, isOpen, modelVersion, chosen) => {
        const rollout = isOpen ? rolloutOf(plan) : null;
        const { action } = decideRolloutReaction(rollout, signalOf(isDrift, diagnosis, modelVersion), chosen);
        const reaction = servingReactionOf({ kind: isDrift ? 'drift' : 'performance', diagnosis: isDrift ? diagnosis : null }, chosen);
        const trigger = decideTrigger({ cause: isDrift ? 'drift' : 'performance', diagnosis: isDrift ? diagnosis : null, changePointMs: 0, modelVersion }, { ...calm, phase: isOpen ? 'open' : 'none', reaction });
        const isBroken = isDrift && diagnosis === 'data-incident';
        const isLeft = trigger.decision === 'ignore' || trigger.because.some(({ check }) => check === 'no-rollout-open');
        if (isBroken) expect(trigger.decision).toBe('hold');
        else expect(action === 'leave').toBe(!isLeft);
      }),
    );
  });

  it('ends a rollout only when the loss of the new version got worse', () => {
    const rollout = rolloutOf({ shadowPredictions: 10, shadowMargin: 0, canary: [], bakeMs: 0, shadowPredecessor: 0 });
    expect(decideRolloutReaction(rollout, signalOf(false, 'concept', 2), usual).action).toBe('roll-back');
    expect(decideRolloutReaction(rollout, signalOf(false, 'concept', 1), usual).action).toBe('go-on');
    expect(decideRolloutReaction(rollout, signalOf(true, 'covariate', 2), usual).action).toBe('go-on');
    expect(decideRolloutReaction(rollout, signalOf(true, 'data-incident', 1), usual).action).toBe('pause');
  });

  it('takes back a version that has its gain yet to show in shadow and was trained before the change began, where the pipeline would retrain', () => {
    const plan = { shadowPredictions: 10, shadowMargin: 0, canary: [{ trafficRatio: 0.1, predictions: 10 }], bakeMs: 0, shadowPredecessor: 0, learnedTo: '2026-03-01T00:00:00.000Z', proof: { alpha: 0.1, atLeast: 0, blockMs: 1 } };
    const actionOn = (signal: MonitoringSignal, changePoint: string, given: Partial<RolloutState> = {}, chosen: typeof usual | { drift: 'alert'; performance: 'alert' } = usual) =>
      decideRolloutReaction({ ...rolloutOf(plan), at: 0, ...given }, { ...signal, event: { ...signal.event, changePoint } } as MonitoringSignal, chosen).action;
    const [grown, moved] = [signalOf(false, 'concept', 1), signalOf(true, 'covariate', 1)];
    expect([actionOn(grown, '2026-03-01T00:00:00.000Z'), actionOn(moved, '2026-03-02T00:00:00.000Z')]).toEqual(['roll-back', 'roll-back']);
    expect([actionOn(grown, '2026-02-28T23:59:59.999Z'), actionOn(moved, '2026-02-28T00:00:00.000Z')]).toEqual(['go-on', 'go-on']);
    expect(actionOn(grown, '2026-03-02T00:00:00.000Z', { at: 1 })).toBe('go-on');
    expect(actionOn(grown, '2026-03-02T00:00:00.000Z', { plan: { ...rolloutOf(plan).plan, proof: undefined } })).toBe('go-on');
    expect(actionOn(grown, '2026-03-02T00:00:00.000Z', {}, { drift: 'alert', performance: 'alert' })).toBe('go-on');
    expect(actionOn(signalOf(true, 'data-incident', 1), '2026-03-02T00:00:00.000Z')).toBe('pause');
  });

  it('is answered as the pipeline wants in the phase in which the rollout is', () => {
    const plan = { shadowPredictions: 10, shadowMargin: 0, canary: [{ trafficRatio: 0.1, predictions: 10 }], bakeMs: 1, shadowPredecessor: 0 };
    const during = { shadow: DEFAULT_DURING.shadow, canary: { drift: 'shadow', performance: 'pause', data: 'roll-back' }, bake: { ...DEFAULT_DURING.bake, drift: 'roll-back' } } as const;
    const actionAt = (at: number, isDrift: boolean, diagnosis: 'covariate' | 'data-incident', given = plan) => decideRolloutReaction({ ...rolloutOf(given), at }, signalOf(isDrift, diagnosis, 2), { ...usual, during }).action;
    expect([actionAt(0, true, 'covariate'), actionAt(1, true, 'covariate'), actionAt(2, true, 'covariate')]).toEqual(['go-on', 'shadow', 'roll-back']);
    expect([actionAt(1, false, 'covariate'), actionAt(1, true, 'data-incident')]).toEqual(['pause', 'roll-back']);
    expect(actionAt(0, true, 'covariate', { ...plan, shadowPredictions: 0 })).toBe('pause');
  });

  it('brings the version before back where the pipeline wants that, when no rollout is open, but never because of broken data', () => {
    const back = { ...usual, drift: 'roll-back' } as const;
    expect(decideRolloutReaction(null, signalOf(true, 'covariate', 1), back).action).toBe('restore');
    expect(decideRolloutReaction(null, signalOf(true, 'data-incident', 1), back).action).toBe('leave');
  });
});

function opened(rollout: RolloutState): RolloutState {
  const next: RolloutNext = decideRolloutStart(rollout).next;
  return next.rollout;
}

function rolloutOf(plan: RolloutPlan): RolloutState {
  return { rollout: 'default/ro-1', pipeline: 'default/churn', candidate: versionOf(2), previous: versionOf(1), plan, at: -1, pausedBy: null, inconclusive: 0 };
}

function versionOf(modelVersion: number): ServedVersion {
  return { modelVersion, run: `default/run-${modelVersion}` } as ServedVersion;
}

function signalOf(isDrift: boolean, diagnosis: 'data-incident' | 'covariate' | 'concept' | 'label-shift' | 'cannot-say', modelVersion: number): MonitoringSignal {
  const shared = { pipeline: 'default/churn', modelVersion, incident: 'default/inc-1', changePoint: '2026-01-01T00:00:00Z', window: { from: '', to: '' }, because: [] };
  return isDrift
    ? { kind: 'drift', event: { ...shared, diagnosis, columns: [] } }
    : { kind: 'performance', event: { ...shared, metric: 'log-loss', measured: 1, bound: 0.5 } };
}
