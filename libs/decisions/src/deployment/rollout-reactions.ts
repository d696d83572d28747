import type { ReactionDefinitions, ReactionsDuringRollout } from '@millrace/contracts';

/** Moved inputs are told and the rollout's analyses judge them, grown losses of the new version end it, broken data hold it where it is. */
const USUAL = { drift: 'alert', performance: 'roll-back', data: 'pause' } as const;

export const DEFAULT_DURING: ReactionsDuringRollout = { shadow: USUAL, canary: USUAL, bake: USUAL };

/** What a pipeline wants done while a rollout is open; a definition from before they could be chosen has the usual ones. */
export function reactionsDuring({ during }: Pick<ReactionDefinitions, 'during'>): ReactionsDuringRollout {
  return during ?? DEFAULT_DURING;
}
