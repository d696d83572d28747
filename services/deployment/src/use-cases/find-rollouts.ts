import type { RolloutState } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { RolloutRow } from '../store/rollout.row.js';

/** The pipeline's rollout between its start and its end, locked; null when none is open. */
export async function openRolloutOf(tx: Tx, pipeline: string): Promise<RolloutRow | null> {
  return tx.lockOrNull(RolloutRow, { pipeline, state: In(['shadow', 'canary', 'bake']) });
}

/** A row as the decisions see it. */
export function rolloutStateOf({ rollout, pipeline, candidate, previous, plan, at, pausedBy, inconclusive }: RolloutRow): RolloutState {
  return { rollout, pipeline, candidate, previous, plan, at, pausedBy, inconclusive };
}
