import type { DriftDetected, Finding, PerformanceDegraded, ReactionDefinitions } from '@millrace/contracts';
import { servingReactionOf } from '../training/serving-reaction.js';
import { whoAnswers } from '../training/who-answers.js';
import { reactionsDuring } from './rollout-reactions.js';
import type { RolloutState } from './rollout-state.js';
import { stepsOf } from './rollout-state.js';

/** What monitoring found about one of a pipeline's versions. */
export type MonitoringSignal = { kind: 'drift'; event: DriftDetected } | { kind: 'performance'; event: PerformanceDegraded };

/** `leave`: training answers. `go-on`: deployment answers, and the rollout stands. `restore`: no rollout is open, the version before comes back. */
export type RolloutReaction = { action: 'leave' | 'go-on' | 'pause' | 'shadow' | 'roll-back' | 'restore'; because: Finding[] };

/**
 * What deployment does about a finding of monitoring, by the pipeline's reactions. Without an open rollout it is training's to answer,
 * but where the version before is wanted back. During one the phase decides. What grown losses of the version before mean is not asked:
 * the new one is there to mend them, unless it has its gain yet to show and was trained before they grew.
 */
export function decideRolloutReaction(rollout: RolloutState | null, signal: MonitoringSignal, reactions: Pick<ReactionDefinitions, 'drift' | 'performance' | 'during'>): RolloutReaction {
  const { modelVersion, because } = signal.event;
  const diagnosis = signal.kind === 'drift' ? signal.event.diagnosis : null;
  const answers = whoAnswers(rollout === null ? 'none' : 'open', servingReactionOf({ kind: signal.kind, diagnosis }, reactions));
  if (answers === 'training') return { action: 'leave', because: [] };
  if (rollout === null) return { action: 'restore', because };
  const outdated = outdatedBy(rollout, signal, reactions);
  if (outdated) return { action: 'roll-back', because: [outdated] };
  if (signal.kind === 'performance' && modelVersion !== rollout.candidate.modelVersion) return goesOn(rollout);
  const steps = stepsOf(rollout.plan);
  const phase = steps[rollout.at]?.phase ?? 'shadow';
  const reaction = reactionsDuring(reactions)[phase][diagnosis === 'data-incident' ? 'data' : signal.kind];
  if (reaction === 'alert') return goesOn(rollout);
  const hasShadow = steps[0]?.phase === 'shadow';
  return { action: reaction === 'shadow' && !hasShadow ? 'pause' : reaction, because };
}

/**
 * What is found about the version before, and began after everything that the new one was trained on, cannot be answered by it: where the pipeline
 * would retrain, a shadow that has shown no gain yet makes room for a version that knows the change. Nobody is served by it.
 */
function outdatedBy({ candidate, plan, at }: RolloutState, { kind, event }: MonitoringSignal, reactions: Pick<ReactionDefinitions, 'drift' | 'performance'>): Finding | null {
  const diagnosis = kind === 'drift' ? event.diagnosis : null;
  const wanted = servingReactionOf({ kind, diagnosis }, reactions);
  if (stepsOf(plan)[at]?.phase !== 'shadow' || event.modelVersion === candidate.modelVersion || (wanted !== 'retrain' && wanted !== 'shadow')) return null;
  if (plan.proof === undefined || plan.learnedTo === undefined || Date.parse(event.changePoint) < Date.parse(plan.learnedTo)) return null;
  return { check: 'learned-the-change', passed: false, measured: plan.learnedTo, bound: event.changePoint, detail: 'The change began after what the version in shadow was trained on' };
}

function goesOn({ candidate }: RolloutState): RolloutReaction {
  return { action: 'go-on', because: [{ check: 'a-rollout-is-open', passed: true, measured: candidate.modelVersion, detail: 'The rollout goes on; its analyses judge the new version' }] };
}
