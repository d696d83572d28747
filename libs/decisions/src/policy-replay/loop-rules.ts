import type { Pipeline } from '@millrace/contracts';
import { monitoringPolicyOf } from '../monitoring/monitoring-policy.js';
import type { MonitoringPolicy } from '../monitoring/monitoring-policy.js';

/** Everything of a pipeline that decides what follows from its windows. */
export interface LoopRules {
  policy: MonitoringPolicy;
  reactions: { drift: 'retrain' | 'alert'; performance: 'retrain' | 'alert' };
  coolDownMs: number;
  neededRows: number;
  labelDeadlineMs: number;
  maturesAfterMs: number;
}

export function loopRulesOf({ monitoring, reactions, training, label }: Pick<Pipeline, 'monitoring' | 'reactions' | 'training' | 'label'>): LoopRules {
  return {
    policy: monitoringPolicyOf(monitoring),
    reactions: { drift: retrains(reactions.drift), performance: retrains(reactions.performance) },
    coolDownMs: reactions.coolDownMs,
    neededRows: training.minimumMaturedRows,
    labelDeadlineMs: training.labelDeadlineMs,
    maturesAfterMs: label.maturesAfterMs,
  };
}

function retrains(reaction: string): 'retrain' | 'alert' {
  return reaction === 'retrain' ? 'retrain' : 'alert';
}
