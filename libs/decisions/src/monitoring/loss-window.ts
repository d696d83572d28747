import { BinSums } from './bin-means.js';
import type { SumsByBin } from './bin-means.js';
import { labelsByInputOf, labelsByScoreOf } from './labels-by-score.js';
import type { LabelCounts, LabelledRow } from './labels-by-score.js';
import type { PinnedColumn } from './window-profile.js';
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
  /** Binary labels by predicted probability, over fixed bins. Absent for others. */
  byScore?: LabelCounts;
  /** Binary labels and losses by the pinned bins of every input: whether they depend on it, and where they grew. Absent where inputs were not counted. */
  byInput?: Record<string, LabelCounts>;
  byBin?: Record<string, SumsByBin>;
}

export type OutcomeRow = LabelledRow;

/** @param pinned columns of the rows' inputs, where these are known */
export function lossWindowOf(window: { from: string; to: string }, loss: LossName, rows: readonly OutcomeRow[], pinned: readonly PinnedColumn[] = []): LossWindow {
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
    ...(isBinary && pinned.length > 0 ? { byInput: labelsByInputOf(pinned, rows) } : {}),
    ...(pinned.length > 0 ? { byBin: lossesByBin(loss, rows, pinned) } : {}),
  };
}

function lossesByBin(loss: LossName, rows: readonly OutcomeRow[], pinned: readonly PinnedColumn[]): Record<string, SumsByBin> {
  const sums = new BinSums(pinned);
  for (const { inputs, prediction, label } of rows) sums.add(inputs ?? [], lossOfRow(loss, prediction, label));
  return sums.byColumn();
}

/** Mean loss over the rows of several windows. */
export function meanLossOf(windows: readonly LossWindow[]): number {
  return blockEstimateOf(windows.map(({ from, rows, meanLoss }) => ({ block: from, rows, sum: rows * meanLoss, squareSum: NaN }))).mean;
}
