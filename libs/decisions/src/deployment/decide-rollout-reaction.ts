import type { DriftDetected, Finding, PerformanceDegraded } from '@millrace/contracts';
import { whoAnswers } from '../training/who-answers.js';
import type { RolloutState } from './rollout-state.js';

/** What monitoring found about one of a pipeline's versions. */
export type MonitoringSignal = { kind: 'drift'; event: DriftDetected } | { kind: 'performance'; event: PerformanceDegraded };

/** `leave`: training answers. `go-on`: deployment answers, and the rollout stands. */
export type RolloutReaction = { action: 'leave' | 'go-on' | 'pause' | 'roll-back'; because: Finding[] };

/**
 * What deployment does about a finding of monitoring. Without an open rollout it is training's to answer. During one, broken
 * data hold the rollout where it is (its analyses would judge the data and not the model), a measured loss that got worse
 * ends it when it is the new version's, and what moved under the version before is what the new one is there to mend.
 */
export function decideRolloutReaction(rollout: RolloutState | null, signal: MonitoringSignal): RolloutReaction {
  const answers = whoAnswers(rollout === null ? 'none' : 'open');
  if (rollout === null || answers === 'training') return { action: 'leave', because: [] };
  const { modelVersion, because } = signal.event;
  if (signal.kind === 'drift' && signal.event.diagnosis === 'data-incident') return { action: 'pause', because };
  if (signal.kind === 'performance' && modelVersion === rollout.candidate.modelVersion) return { action: 'roll-back', because };
  return { action: 'go-on', because: [{ check: 'a-rollout-is-open', passed: true, measured: rollout.candidate.modelVersion, detail: 'The rollout goes on; its analyses judge the new version' }] };
}
