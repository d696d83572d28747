import type { Pipeline, RunBudget } from '@millrace/contracts';
import { monitoringPolicyOf } from '../monitoring/monitoring-policy.js';
import type { MonitoringPolicy } from '../monitoring/monitoring-policy.js';
import { fewestTrainingRows, trainingLagMsOf } from '../features/plan-training-set.js';
import { rowsToTryAgain } from '../pipeline/read-reactions.js';
import type { ServingReaction } from '../training/serving-reaction.js';

/** Everything of a pipeline that decides what follows from its windows. */
export interface LoopRules {
  policy: MonitoringPolicy;
  reactions: { drift: ServingReaction; performance: ServingReaction };
  /** Event time after the last run at which another starts without a signal; absent: never. */
  everyMs: number | undefined;
  coolDownMs: number;
  /** Runs that signals may start; null: no bound but the cool-down. */
  runBudget: RunBudget | null;
  neededRows: number;
  fewestTrainingRows: number;
  trainingLagMs: number;
  rowsToTryAgain: number;
  labelDeadlineMs: number;
  maturesAfterMs: number;
}

export function loopRulesOf(pipeline: Pick<Pipeline, 'monitoring' | 'reactions' | 'training' | 'label' | 'evaluation'>): LoopRules {
  const { monitoring, reactions, training, label } = pipeline;
  return {
    policy: monitoringPolicyOf(monitoring),
    reactions: { drift: reactions.drift, performance: reactions.performance },
    everyMs: reactions.everyMs,
    coolDownMs: reactions.coolDownMs,
    runBudget: reactions.runs ?? null,
    neededRows: training.minimumMaturedRows,
    fewestTrainingRows: fewestTrainingRows(pipeline),
    trainingLagMs: trainingLagMsOf(pipeline),
    rowsToTryAgain: rowsToTryAgain(pipeline),
    labelDeadlineMs: training.labelDeadlineMs,
    maturesAfterMs: label.maturesAfterMs,
  };
}
