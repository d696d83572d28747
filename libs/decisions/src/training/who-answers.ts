import type { ServingReaction } from './serving-reaction.js';

/** Where a pipeline's model stands: no rollout open, or one between its start and the end of its bake time. */
export type RolloutPhase = 'none' | 'open';

/**
 * The one service that answers what monitoring finds (drift, degradation): deployment while a rollout or its bake time is
 * open, and where the pipeline wants its version before back; training otherwise (it retrains, holds or asks a person). Both services
 * ask this function, so exactly one acts. Broken data are the exception: nothing may learn them, so training is held in every phase.
 */
export function whoAnswers(phase: RolloutPhase, reaction: ServingReaction): 'deployment' | 'training' {
  return phase === 'open' || reaction === 'roll-back' ? 'deployment' : 'training';
}
