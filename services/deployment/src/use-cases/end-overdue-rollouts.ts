import { decideOverdueStep } from '@millrace/decisions';
import { timerCause } from '@millrace/runtime';
import type { UnitOfWork } from '@millrace/runtime';
import { In, IsNull, LessThan } from 'typeorm';
import { RolloutRow } from '../store/rollout.row.js';
import { lockRoute } from './change-route.js';
import { rolloutStateOf } from './find-rollouts.js';
import { followDecision } from './follow-decision.js';

/** Ends rollouts whose step got no verdict within `deadlineMs` of processing time. A paused one waits for its incident. */
export async function endOverdueRollouts(work: UnitOfWork, deadlineMs: number): Promise<void> {
  const overdue = await work.read((tx) =>
    tx.findMany(RolloutRow, { where: { state: In(['shadow', 'canary', 'bake']), pausedBy: IsNull(), stepEnteredAt: LessThan(new Date(tx.now.getTime() - deadlineMs)) } }),
  );
  for (const { rollout, pipeline, cascade } of overdue) {
    const cause = timerCause({ name: 'deployment', project: pipeline.split('/')[0] ?? 'default', ...cascade });
    await work.run(cause, async (tx) => {
      const route = await lockRoute(tx, pipeline);
      const row = await tx.lock(RolloutRow, { rollout }, 'rollout-not-found');
      if (row.endedAt !== null || row.pausedBy !== null || row.stepEnteredAt === null) return;
      const decision = decideOverdueStep(rolloutStateOf(row), tx.now.getTime() - row.stepEnteredAt.getTime(), deadlineMs);
      if (decision) await followDecision(tx, route, row, decision);
    });
  }
}
