import type { Task } from '../evaluation/hold-out-metrics.js';
import { meanOf, varianceOf } from '../statistics/moments.js';
import { quantilesOf } from '../statistics/quantiles.js';
import { rocAucOf } from '../statistics/roc-auc.js';
import { lossOfRow } from '../statistics/row-losses.js';
import type { LossName } from '../statistics/row-losses.js';
import { calibrationErrorOf } from './calibration.js';
import { averagePrecisionOf } from './rank-metrics.js';

type Measure = (predictions: readonly number[], labels: readonly number[]) => number;

export interface PerformanceMetric {
  metric: string;
  /** Which way is better; null for what only describes the rows. */
  better: 'lower' | 'higher' | null;
  /** Smallest and largest value that it can take. */
  range: readonly [number, number];
  /** NaN where it is not defined on the rows. */
  of: Measure;
  /** Why it is NaN. */
  undefinedWhen: string;
}

const NEEDS_ROWS = 'no labelled rows';
const NEEDS_BOTH = 'all labels are of one class';

/** Metrics of probabilities of label 1 (cut at 0.5 for the counting ones), those of scikit-learn. */
const BINARY: readonly PerformanceMetric[] = [
  { metric: 'log-loss', better: 'lower', range: [0, Infinity], of: meanLoss('log-loss'), undefinedWhen: NEEDS_ROWS },
  { metric: 'brier-score', better: 'lower', range: [0, 1], of: meanLoss('squared-error'), undefinedWhen: NEEDS_ROWS },
  { metric: 'roc-auc', better: 'higher', range: [0, 1], of: rocAucOf, undefinedWhen: NEEDS_BOTH },
  { metric: 'average-precision', better: 'higher', range: [0, 1], of: averagePrecisionOf, undefinedWhen: 'no label is 1' },
  { metric: 'f1', better: 'higher', range: [0, 1], of: counted(({ tp, fp, fn }) => (2 * tp) / (2 * tp + fp + fn)), undefinedWhen: 'no label and no prediction is 1' },
  { metric: 'precision', better: 'higher', range: [0, 1], of: counted(({ tp, fp }) => tp / (tp + fp)), undefinedWhen: 'no prediction is 1' },
  { metric: 'recall', better: 'higher', range: [0, 1], of: counted(({ tp, fn }) => tp / (tp + fn)), undefinedWhen: 'no label is 1' },
  { metric: 'false-positive-rate', better: 'lower', range: [0, 1], of: counted(({ fp, tn }) => fp / (fp + tn)), undefinedWhen: 'no label is 0' },
  { metric: 'accuracy', better: 'higher', range: [0, 1], of: counted(({ tp, fp, fn, tn }) => (tp + tn) / (tp + fp + fn + tn)), undefinedWhen: NEEDS_ROWS },
  { metric: 'expected-calibration-error', better: 'lower', range: [0, 1], of: (predictions, labels) => calibrationErrorOf(predictions, labels), undefinedWhen: NEEDS_ROWS },
  { metric: 'mean-error', better: null, range: [-1, 1], of: meanError, undefinedWhen: NEEDS_ROWS },
  { metric: 'positive-rate', better: null, range: [0, 1], of: counted(({ tp, fp, fn, tn }) => (tp + fp) / (tp + fp + fn + tn)), undefinedWhen: NEEDS_ROWS },
  { metric: 'label-mean', better: null, range: [0, 1], of: (_, labels) => meanOf(labels), undefinedWhen: NEEDS_ROWS },
];

const REGRESSION: readonly PerformanceMetric[] = [
  { metric: 'absolute-error', better: 'lower', range: [0, Infinity], of: meanLoss('absolute-error'), undefinedWhen: NEEDS_ROWS },
  { metric: 'squared-error', better: 'lower', range: [0, Infinity], of: meanLoss('squared-error'), undefinedWhen: NEEDS_ROWS },
  { metric: 'root-mean-squared-error', better: 'lower', range: [0, Infinity], of: (predictions, labels) => Math.sqrt(meanLoss('squared-error')(predictions, labels)), undefinedWhen: NEEDS_ROWS },
  { metric: 'median-absolute-error', better: 'lower', range: [0, Infinity], of: medianAbsoluteError, undefinedWhen: NEEDS_ROWS },
  { metric: 'mean-absolute-percentage-error', better: 'lower', range: [0, Infinity], of: percentageError, undefinedWhen: 'a label is 0' },
  { metric: 'r-squared', better: 'higher', range: [-Infinity, 1], of: rSquared, undefinedWhen: 'all labels are equal' },
  { metric: 'mean-error', better: null, range: [-Infinity, Infinity], of: meanError, undefinedWhen: NEEDS_ROWS },
  { metric: 'label-mean', better: null, range: [-Infinity, Infinity], of: (_, labels) => meanOf(labels), undefinedWhen: NEEDS_ROWS },
];

/** The metrics of a task, the same names everywhere: API, Prometheus, events. */
export function performanceMetricsOf(task: Task): readonly PerformanceMetric[] {
  return task === 'regression' ? REGRESSION : BINARY;
}

function meanLoss(loss: LossName): Measure {
  return (predictions, labels) => {
    let sum = 0;
    for (let row = 0; row < labels.length; row += 1) sum += lossOfRow(loss, predictions[row] ?? NaN, labels[row] ?? NaN);
    return sum / labels.length;
  };
}

interface Counts {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

const CUT = 0.5;

function counted(measure: (counts: Counts) => number): Measure {
  return (predictions, labels) => {
    const counts: Counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
    for (let row = 0; row < labels.length; row += 1) {
      const isPositive = (labels[row] ?? 0) > 0.5;
      const isPredicted = (predictions[row] ?? 0) >= CUT;
      counts[isPositive ? (isPredicted ? 'tp' : 'fn') : isPredicted ? 'fp' : 'tn'] += 1;
    }
    return measure(counts);
  };
}

/** Mean of prediction less label: above zero the model says too much. */
function meanError(predictions: readonly number[], labels: readonly number[]): number {
  return meanOf(predictions) - meanOf(labels);
}

function medianAbsoluteError(predictions: readonly number[], labels: readonly number[]): number {
  return quantilesOf(labels.map((label, row) => Math.abs(label - (predictions[row] ?? NaN))), [0.5])[0] ?? NaN;
}

function percentageError(predictions: readonly number[], labels: readonly number[]): number {
  if (labels.some((label) => label === 0)) return NaN;
  return meanOf(labels.map((label, row) => Math.abs((label - (predictions[row] ?? NaN)) / label)));
}

function rSquared(predictions: readonly number[], labels: readonly number[]): number {
  const variance = varianceOf(labels, 0);
  return variance > 0 ? 1 - meanLoss('squared-error')(predictions, labels) / variance : NaN;
}
