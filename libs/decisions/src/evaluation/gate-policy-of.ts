import type { LossName } from '../statistics/row-losses.js';
import type { GatePolicy } from './gate-policy.js';

const MINIMUM_BLOCKS = 3;
const MINIMUM_ROWS = 50;

/** What a pipeline file says about its gates (`evaluation` of the pipeline's contract). */
export interface EvaluationRules {
  metric: LossName;
  gates: {
    minimum: Readonly<Record<string, number>>;
    maximum: Readonly<Record<string, number>>;
    gain: { alpha: number; atLeast?: number; shownIn?: 'hold-out' | 'shadow'; blockMs?: number };
    referenceLoss: number;
  };
}

/**
 * The policy by which `judgeGate` judges this pipeline's versions.
 * @param tryNumber how many challengers were compared with the present champion, this one included; from 1
 */
export function gatePolicyOf({ metric, gates }: EvaluationRules, tryNumber: number): GatePolicy {
  return {
    loss: metric,
    alpha: gates.gain.alpha,
    tryNumber,
    minimumBlocks: MINIMUM_BLOCKS,
    minimumRows: MINIMUM_ROWS,
    minimumGain: gates.gain.atLeast ?? 0,
    gainShownIn: gates.gain.shownIn ?? 'hold-out',
    referenceMargin: gates.referenceLoss,
    method: { kind: 't' },
    absolute: [
      ...Object.entries(gates.minimum).map(([name, atLeast]) => ({ metric: name, atLeast })),
      ...Object.entries(gates.maximum).map(([name, atMost]) => ({ metric: name, atMost })),
    ],
  };
}

/** Whether a gain is shown by what came after training, and not by a hold-out that training had to leave out. */
export function showsGainInShadow({ gates }: { gates: { gain: EvaluationRules['gates']['gain'] } }): boolean {
  return gates.gain.shownIn === 'shadow';
}
