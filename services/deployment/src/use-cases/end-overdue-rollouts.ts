import { decideOverdueStep } from '@millrace/decisions';
import type { RolloutDecision } from '@millrace/decisions';
import { timerCause } from '@millrace/runtime';
import type { UnitOfWork } from '@millrace/runtime';
import { In } from 'typeorm';
import { RolloutRow } from '../store/rollout.row.js';
import { lockRoute } from './change-route.js';
import { rolloutStateOf } from './find-rollouts.js';
import { followDecision } from './follow-decision.js';

/** Ends rollouts whose step got no verdict within `deadlineMs` of processing time. A paused one waits for its incident. */
export async function endOverdueRollouts(work: UnitOfWork, deadlineMs: number): Promise<void> {
  const overdue = await work.read(async (tx) => (await tx.findMany(RolloutRow, { where: { state: In(['shadow', 'canary', 'bake']) } })).filter((row) => decisionOn(row, tx.now, deadlineMs)));
  for (const { rollout, pipeline, cascade } of overdue) {
    const cause = timerCause({ name: 'deployment', project: pipeline.split('/')[0] ?? 'default', ...cascade });
    await work.run(cause, async (tx) => {
      const route = await lockRoute(tx, pipeline);
      const row = await tx.lock(RolloutRow, { rollout }, 'rollout-not-found');
      const decision = decisionOn(row, tx.now, deadlineMs);
      if (decision) await followDecision(tx, route, row, decision);
    });
  }
}

function decisionOn(row: RolloutRow, now: Date, deadlineMs: number): RolloutDecision | null {
  if (row.endedAt !== null || row.pausedBy !== null || row.stepEnteredAt === null) return null;
  return decideOverdueStep(rolloutStateOf(row), now.getTime() - row.stepEnteredAt.getTime(), deadlineMs);
}
