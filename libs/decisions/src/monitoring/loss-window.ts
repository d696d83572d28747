import { labelsByScoreOf } from './flipped-labels.js';
import type { LabelsByScore } from './flipped-labels.js';
import type { SumsByBin } from './bin-means.js';
import { blockEstimateOf } from '../statistics/block-estimate.js';
import { meanOf } from '../statistics/moments.js';
import { rocAucOf } from '../statistics/roc-auc.js';
import { lossOfRow } from '../statistics/row-losses.js';
import type { LossName } from '../statistics/row-losses.js';

/** How a model's predictions of one window turned out, over its matured rows. */
export interface LossWindow {
  from: string;
  to: string;
  rows: number;
  meanLoss: number;
  /** Means of labels and predictions: equal for a calibrated model, whatever its inputs do. Null where not known. */
  meanLabel: number | null;
  meanPrediction: number | null;
  /** Area under the ROC curve of binary labels; null for others, and where one class is absent. */
  rocAuc: number | null;
  /** Binary labels by predicted probability, over fixed bins: integers, so that windows add up. Absent for others. */
  byScore?: LabelsByScore;
  /** Losses by the pinned bins of every input, so that it can be said where they grew. Absent where that was not counted. */
  byBin?: Record<string, SumsByBin>;
}

export interface OutcomeRow {
  prediction: number;
  label: number;
}

export function lossWindowOf(window: { from: string; to: string }, loss: LossName, rows: readonly OutcomeRow[]): LossWindow {
  const labels = rows.map((row) => row.label);
  const predictions = rows.map((row) => row.prediction);
  const isBinary = labels.every((label) => label === 0 || label === 1);
  const auc = isBinary ? rocAucOf(predictions, labels) : NaN;
  return {
    from: window.from,
    to: window.to,
    rows: rows.length,
    meanLoss: meanOf(rows.map((row) => lossOfRow(loss, row.prediction, row.label))),
    meanLabel: meanOf(labels),
    meanPrediction: meanOf(predictions),
    rocAuc: Number.isNaN(auc) ? null : auc,
    ...(isBinary ? { byScore: labelsByScoreOf(rows) } : {}),
  };
}

/** Mean loss over the rows of several windows. */
export function meanLossOf(windows: readonly LossWindow[]): number {
  return blockEstimateOf(windows.map(({ from, rows, meanLoss }) => ({ block: from, rows, sum: rows * meanLoss, squareSum: NaN }))).mean;
}
