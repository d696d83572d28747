import type { Finding } from '@millrace/contracts';
import { stepsOf } from '@millrace/decisions';
import type { EmitOptions, Tx } from '@millrace/runtime';
import type { RolloutRow } from '../store/rollout.row.js';

/** Who is asked after a shadow that went well: `pausedBy` of a rollout that no incident holds. */
export const A_PERSON = 'a-person';

/** Says where a rollout stays, and what for. */
export function tellOfPause(tx: Tx, { pipeline, rollout, modelVersion, plan, at }: RolloutRow, pausedBy: string, because: Finding[], cascade: EmitOptions): void {
  const phase = stepsOf(plan)[at]?.phase ?? 'shadow';
  tx.emit('millrace.deployment.rollout.paused.v1', { pipeline, rollout, modelVersion, phase, incident: pausedBy === A_PERSON ? null : pausedBy, because }, cascade);
}
