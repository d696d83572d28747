import { isotonicValueAt } from './isotonic-regression.js';
import type { IsotonicFit } from './isotonic-regression.js';

/** What a classifier's quality is expected to be, from calibrated probabilities alone. NaN where it is not defined. */
export interface ExpectedClassification {
  rows: number;
  'roc-auc': number;
  f1: number;
  precision: number;
  recall: number;
  accuracy: number;
  /** Of the served (not the calibrated) probabilities. */
  'log-loss': number;
  'brier-score': number;
}

const CUT = 0.5;
const SMALLEST_PROBABILITY = 1e-7;

/**
 * Confidence-based performance estimation (CBPE, NannyML): with a calibrated probability p, a positive prediction is right with
 * probability p and a negative one with 1 - p; the expected confusion matrix and from it the metrics. Blind to concept drift:
 * it believes the calibration of the reference.
 * @param scores probabilities of label 1 as served; @param calibration isotonic fit of labels over scores on the reference
 */
export function expectedClassificationOf(scores: readonly number[], calibration: IsotonicFit): ExpectedClassification {
  const probabilities = scores.map((score) => isotonicValueAt(calibration, score));
  let [tp, fp, fn, tn, logLoss, squares] = [0, 0, 0, 0, 0, 0];
  scores.forEach((score, row) => {
    const p = probabilities[row] ?? NaN;
    if (score >= CUT) [tp, fp] = [tp + p, fp + 1 - p];
    else [fn, tn] = [fn + p, tn + 1 - p];
    const bounded = Math.min(1 - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, score));
    logLoss -= p * Math.log(bounded) + (1 - p) * Math.log1p(-bounded);
    squares += p * (score - 1) ** 2 + (1 - p) * score ** 2;
  });
  const rows = scores.length;
  return {
    rows,
    'roc-auc': expectedRocAucOf(scores, probabilities),
    f1: (2 * tp) / (2 * tp + fp + fn),
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    accuracy: (tp + tn) / rows,
    'log-loss': logLoss / rows,
    'brier-score': squares / rows,
  };
}

/** Area under the curve of expected true against expected false positive rates, every distinct score a threshold. */
export function expectedRocAucOf(scores: readonly number[], probabilities: readonly number[]): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  let [tp, fp, area] = [0, 0, 0];
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    const before = { tp, fp };
    while (start < order.length && scores[order[start] ?? 0] === score) {
      const p = probabilities[order[start] ?? 0] ?? NaN;
      tp += p;
      fp += 1 - p;
      start += 1;
    }
    area += ((fp - before.fp) * (tp + before.tp)) / 2;
  }
  return area / (tp * fp);
}
