import type { AnalysisNeeds, Finding, ModelVersionRef, Pipeline, RolloutPlan, RolloutStepped, Target } from '@millrace/contracts';
import { showsGainInShadow } from '../evaluation/gate-policy-of.js';

const DAY_MS = 86_400_000;

/** A model version as a route names it, without its place on the route. */
export type ServedVersion = Pick<Target, 'modelVersion' | 'run' | 'model' | 'signed' | 'serving'>;

export type RolloutPhase = RolloutStepped['phase'];

/** One step of a rollout: what share the new version answers and what its analysis must rest on. */
export interface RolloutStep {
  phase: RolloutPhase;
  trafficRatio: number;
  needs: AnalysisNeeds;
}

/** A rollout between its start and its end. */
export interface RolloutState {
  rollout: string;
  pipeline: string;
  candidate: ServedVersion;
  /** What served when it began; null for a first version. */
  previous: ServedVersion | null;
  plan: RolloutPlan;
  /** Place in `stepsOf(plan)`, from 0; -1 before the first step. */
  at: number;
  /** Incident that holds the rollout where it is; null when none does. */
  pausedBy: string | null;
  /** Verdicts on the present step that could not tell; each rests on more blocks than the one before. */
  inconclusive: number;
}

/** How a rollout stands after a decision. */
export type RolloutNext = { state: 'open'; rollout: RolloutState; step: RolloutStep } | { state: 'completed' | 'rolled-back'; rollout: RolloutState };

/** The plan of a pipeline's rollouts. */
export function rolloutPlanOf({ rollout, evaluation }: Pick<Pipeline, 'rollout' | 'evaluation'>): RolloutPlan {
  const { alpha, atLeast = 0, blockMs = DAY_MS } = evaluation.gates.gain;
  return {
    shadowPredictions: rollout.shadow.predictions,
    shadowMargin: rollout.shadow.margin,
    ...(showsGainInShadow(evaluation) ? { proof: { alpha, atLeast, blockMs } } : {}),
    canary: rollout.canary.map(({ trafficRatio, predictions }) => ({ trafficRatio, predictions })),
    bakeMs: rollout.bakeMs,
    shadowPredecessor: rollout.shadowPredecessor,
  };
}

/** The steps of a plan: shadow before canary before bake; what the plan leaves out is left out. */
export function stepsOf(plan: RolloutPlan): RolloutStep[] {
  const margin = plan.shadowMargin;
  const shadow: RolloutStep[] = plan.shadowPredictions > 0 ? [{ phase: 'shadow', trafficRatio: 0, needs: { predictions: plan.shadowPredictions, margin, ...(plan.proof ? { proof: plan.proof } : {}) } }] : [];
  const canary = plan.canary.map(({ trafficRatio, predictions }): RolloutStep => ({ phase: 'canary', trafficRatio, needs: { predictions, margin } }));
  const bakes = plan.bakeMs > 0 || plan.shadowPredecessor > 0;
  const bake: RolloutStep[] = bakes ? [{ phase: 'bake', trafficRatio: 1, needs: { predictions: plan.shadowPredecessor, margin, durationMs: plan.bakeMs } }] : [];
  return [...shadow, ...canary, ...bake];
}

export function versionRefOf(version: ServedVersion): ModelVersionRef {
  return { modelVersion: version.modelVersion, run: version.run };
}

/** A decision of the rollout's state machine. */
export interface RolloutDecision {
  next: RolloutNext;
  because: Finding[];
}
