import { rocAucOf } from '../statistics/roc-auc.js';
import { meanOf, varianceOf } from '../statistics/moments.js';
import { levelCorrectedLossOf } from '../statistics/level-corrected-loss.js';
import { bestConstantOf, lossOfRow } from '../statistics/row-losses.js';
import type { LossName } from '../statistics/row-losses.js';

export type Task = 'binary-classification' | 'regression';

/**
 * Metrics of one model on one hold-out, by name. Those that are not defined on these rows (an AUC without both labels)
 * are left out, so that a gate on them fails instead of passing on a made-up number.
 * `constant-<loss>` is the loss of the best constant prediction in hindsight; `level-corrected-<loss>` that of the model after
 * the best common shift, also in hindsight: a model that ignores its inputs has the two equal.
 */
export function holdOutMetricsOf(task: Task, predictions: readonly number[], labels: readonly number[]): Record<string, number> {
  const metrics: Record<string, number> = task === 'regression' ? regression(predictions, labels) : binary(predictions, labels);
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}

function binary(predictions: readonly number[], labels: readonly number[]): Record<string, number> {
  return {
    'roc-auc': rocAucOf(predictions, labels),
    ...lossAndConstant('log-loss', predictions, labels),
    accuracy: meanOf(labels.map((label, row) => ((predictions[row] ?? NaN) >= 0.5 === label > 0.5 ? 1 : 0))),
    'brier-score': meanLoss('squared-error', predictions, labels),
    ...lossAndConstant('squared-error', predictions, labels),
    ...lossAndConstant('absolute-error', predictions, labels),
    'positive-share': meanOf(labels),
    'mean-prediction': meanOf(predictions),
  };
}

function regression(predictions: readonly number[], labels: readonly number[]): Record<string, number> {
  const squared = meanLoss('squared-error', predictions, labels);
  return {
    ...lossAndConstant('absolute-error', predictions, labels),
    ...lossAndConstant('squared-error', predictions, labels),
    'root-mean-squared-error': Math.sqrt(squared),
    'r-squared': 1 - squared / varianceOf(labels, 0),
    'mean-prediction': meanOf(predictions),
    'mean-label': meanOf(labels),
  };
}

function lossAndConstant(loss: LossName, predictions: readonly number[], labels: readonly number[]): Record<string, number> {
  const constant = bestConstantOf(loss, labels);
  return {
    [loss]: meanLoss(loss, predictions, labels),
    [`level-corrected-${loss}`]: levelCorrectedLossOf(loss, predictions, labels),
    [`constant-${loss}`]: meanOf(labels.map((label) => lossOfRow(loss, constant, label))),
  };
}

function meanLoss(loss: LossName, predictions: readonly number[], labels: readonly number[]): number {
  return meanOf(labels.map((label, row) => lossOfRow(loss, predictions[row] ?? NaN, label)));
}
