import type { AnalysisCompleted, Finding } from '@millrace/contracts';
import { stepsOf } from './rollout-state.js';
import type { RolloutDecision, RolloutState } from './rollout-state.js';

/** Inconclusive verdicts, each on more evidence than the one before, after which a step counts as one that cannot be judged. */
const PATIENCE = 14;

/** Begins a rollout. A first version has nothing to be compared with and is complete at once. */
export function decideRolloutStart(rollout: RolloutState): RolloutDecision {
  if (rollout.previous === null) return { next: { state: 'completed', rollout }, because: [{ check: 'a-version-serves-already', passed: true, detail: 'It is the first version: there is none to compare it with' }] };
  return advance(rollout, [{ check: 'approved', passed: true }]);
}

/**
 * What follows from a verdict on the present step: the next step after a pass, the previous version after a failure or when
 * growing evidence could not tell for long. Else (`inconclusive`, a step that was left, an incident holds it) it stays: null.
 */
export function decideNextStep(rollout: RolloutState, analysis: Pick<AnalysisCompleted, 'step' | 'verdict' | 'because'>): RolloutDecision | null {
  if (analysis.step !== rollout.at + 1) return null;
  if (analysis.verdict === 'fail') return rolledBack(rollout, analysis.because);
  if (rollout.pausedBy !== null) return null;
  if (analysis.verdict === 'inconclusive' && endsByItself(rollout)) return null;
  if (analysis.verdict === 'inconclusive') return rollout.inconclusive + 1 < PATIENCE ? null : rolledBack(rollout, [...analysis.because, cannotTell()]);
  return advance(rollout, analysis.because);
}

/** A step that got no verdict in time ends the rollout: no evidence is never a pass. */
export function decideOverdueStep(rollout: RolloutState, waitedMs: number, deadlineMs: number): RolloutDecision | null {
  if (waitedMs <= deadlineMs) return null;
  return rolledBack(rollout, [{ check: 'evidence-in-time', passed: false, measured: waitedMs, bound: deadlineMs, detail: 'No analysis could judge the step in time (ms)' }]);
}

/** Ends a rollout in favour of the version before. */
export function rolledBack(rollout: RolloutState, because: Finding[]): RolloutDecision {
  return { next: { state: 'rolled-back', rollout }, because };
}

function advance(rollout: RolloutState, because: Finding[]): RolloutDecision {
  const at = rollout.at + 1;
  const step = stepsOf(rollout.plan)[at];
  if (!step) return { next: { state: 'completed', rollout }, because };
  return { next: { state: 'open', rollout: { ...rollout, at, inconclusive: 0 }, step }, because };
}

function cannotTell(): Finding {
  return { check: 'verdict-in-time', passed: false, measured: PATIENCE, bound: PATIENCE, detail: `${PATIENCE} analyses on growing evidence could not tell whether it is worse` };
}

/** A gain that has to be shown fails when it was not shown in time. */
function endsByItself({ plan, at }: RolloutState): boolean {
  return stepsOf(plan)[at]?.needs.proof !== undefined;
}
