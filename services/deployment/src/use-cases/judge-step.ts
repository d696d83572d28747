import type { AnalysisCompleted } from '@millrace/contracts';
import { decideNextStep } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { RolloutRow } from '../store/rollout.row.js';
import { lockRoute } from './change-route.js';
import { rolloutStateOf } from './find-rollouts.js';
import { followDecision } from './follow-decision.js';
import { pauseRollout } from './pause-rollout.js';
import { A_PERSON } from './tell-of-pause.js';

/** Moves a rollout by the verdict on its step. A verdict on a rollout that ended, or on a step that it left, changes nothing. Errors: `rollout-not-found`. */
export async function judgeStep(tx: Tx, analysis: AnalysisCompleted): Promise<void> {
  const route = await lockRoute(tx, analysis.pipeline);
  const row = await tx.lock(RolloutRow, { rollout: analysis.rollout }, 'rollout-not-found');
  if (row.endedAt !== null) return;
  if (asksAPerson(row, analysis)) {
    await noteVerdict(tx, row, analysis);
    return pauseRollout(tx, await tx.lock(RolloutRow, { rollout: row.rollout }), A_PERSON, analysis.because);
  }
  const decision = decideNextStep(rolloutStateOf(row), analysis);
  if (decision) return followDecision(tx, route, row, decision);
  if (analysis.step === row.at + 1) await noteVerdict(tx, row, analysis);
}

/** A shadow that went well where the pipeline wants a person to decide what follows. */
function asksAPerson({ plan, state, at, pausedBy }: RolloutRow, { step, verdict }: AnalysisCompleted): boolean {
  return plan.asksAfterShadow === true && state === 'shadow' && verdict === 'pass' && pausedBy === null && step === at + 1;
}

/** A verdict that does not move the rollout is shown with its step. */
async function noteVerdict(tx: Tx, row: RolloutRow, { verdict, because }: AnalysisCompleted): Promise<void> {
  const inconclusive = row.inconclusive + (verdict === 'inconclusive' ? 1 : 0);
  await tx.save(RolloutRow, { ...row, inconclusive, steps: row.steps.map((step, index) => (index === row.at ? { ...step, verdict, because } : step)) });
}
