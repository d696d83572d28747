import type { Tx } from '@millrace/runtime';

/** Forgets steps that were answered long enough ago that neither of their two events can still come. */
export async function forgetAnsweredSteps(tx: Tx, keptMs: number): Promise<void> {
  await tx.query('delete from cascade_steps where answered_at < $1', [new Date(tx.now.getTime() - keptMs)]);
}
