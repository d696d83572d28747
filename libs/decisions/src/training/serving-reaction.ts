import type { ReactionDefinitions } from '@millrace/contracts';

/** What a pipeline wants done about a finding while no rollout of it is open. */
export type ServingReaction = ReactionDefinitions['drift'];

/** A finding of monitoring as reactions tell them apart. */
export interface FoundChange {
  kind: 'drift' | 'performance';
  /** Null: performance has none. */
  diagnosis: string | null;
}

/** The reaction to a finding while no rollout is open. Broken data always hold: no model may learn them. */
export function servingReactionOf({ kind, diagnosis }: FoundChange, reactions: Pick<ReactionDefinitions, 'drift' | 'performance'>): ServingReaction {
  return diagnosis === 'data-incident' ? 'hold' : reactions[kind];
}
