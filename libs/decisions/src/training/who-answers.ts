/** Where a pipeline's model stands: no rollout open, or one between its start and the end of its bake time. */
export type RolloutPhase = 'none' | 'open';

/**
 * The one service that answers what monitoring finds (drift, degradation): deployment while a rollout or its bake time is
 * open (it pauses or rolls back), training otherwise (it retrains). Both services ask this function, so exactly one acts.
 */
export function whoAnswers(phase: RolloutPhase): 'deployment' | 'training' {
  return phase === 'open' ? 'deployment' : 'training';
}
