import type { Target } from '@millrace/contracts';
import type { RolloutStep, ServedVersion } from './rollout-state.js';

/** A pipeline's route while one version serves alone. */
export function targetsAlone(champion: ServedVersion | null): Target[] {
  return champion === null ? [] : [{ ...champion, role: 'champion', trafficRatio: 1 }];
}

/**
 * The route during a step. In shadow the new version is scored and never answers; in a canary it answers its share; in its
 * bake time it answers everything and the version before is scored beside it. Shares of one route sum to 1.
 */
export function targetsOf(step: RolloutStep, candidate: ServedVersion, previous: ServedVersion): Target[] {
  if (step.phase === 'bake') return [...targetsAlone(candidate), { ...previous, role: 'predecessor', trafficRatio: 0 }];
  const champion: Target = { ...previous, role: 'champion', trafficRatio: 1 - step.trafficRatio };
  const role = step.phase === 'shadow' ? 'shadow' : 'challenger';
  return [champion, { ...candidate, role, trafficRatio: step.phase === 'shadow' ? 0 : step.trafficRatio }];
}
