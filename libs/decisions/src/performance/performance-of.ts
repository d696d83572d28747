import type { Finding } from '../evaluation/finding.js';
import type { Task } from '../evaluation/hold-out-metrics.js';
import { columnsWhere, jackknifeOf } from './block-jackknife.js';
import type { OutcomeColumns } from './block-jackknife.js';
import { judgeCoverage, labelCoverageOf } from './label-coverage.js';
import type { LabelCoverage } from './label-coverage.js';
import { performanceMetricsOf } from './performance-metrics.js';
import type { SettledLabel } from './settle-label.js';

/** A prediction with what is known of its outcome. */
export interface JudgedPrediction extends SettledLabel {
  /** Probability of label 1, or the value; null for a version that broke while it scored. */
  prediction: number | null;
  /** The stretch of time whose rows stand or fall together. */
  block: string;
}

/** A metric with its confidence interval over blocks; null is what the rows do not define, and `because` says why. */
export interface MeasuredMetric {
  metric: string;
  value: number | null;
  lower: number | null;
  upper: number | null;
  blocks: number;
  rows: number;
  because: string | null;
}

/**
 * How predictions turned out. `measured`: every outcome is known or overdue. `provisional`: some are not due yet, so that it
 * may still change and neither ends nor passes anything. `cannot-say`: the findings that did not pass tell why.
 */
export interface Performance {
  kind: 'measured' | 'provisional' | 'cannot-say';
  coverage: LabelCoverage;
  metrics: MeasuredMetric[];
  because: Finding[];
}

/** Performance that may end an incident: no other kind is accepted where that is decided. */
export type MeasuredPerformance = Performance & { kind: 'measured' };

export interface PerformancePolicy {
  task: Task;
  minimumRows: number;
  /** The intervals hold with probability 1 - alpha. */
  alpha: number;
}

export function performanceOf(rows: readonly JudgedPrediction[], { task, minimumRows, alpha }: PerformancePolicy): Performance {
  const coverage = labelCoverageOf(rows);
  const { canSay, isFinal, because } = judgeCoverage(coverage, minimumRows);
  const columns = outcomeColumnsOf(rows);
  const lost = coverage.states.labelled - columns.labels.length;
  const finite: Finding[] = lost === 0 ? [] : [{ check: 'finite-predictions', passed: false, measured: lost, bound: 0, rows: coverage.predictions, detail: 'Predictions that are null, infinite or no number are left out' }];
  const metrics = metricsOf(columns, task, alpha);
  const kind = !canSay || columns.labels.length < minimumRows ? 'cannot-say' : isFinal ? 'measured' : 'provisional';
  return { kind, coverage, metrics, because: [...because, ...finite] };
}

export function isMeasured(performance: Performance): performance is MeasuredPerformance {
  return performance.kind === 'measured';
}

/** Rows with a label and a finite prediction. */
export function outcomeColumnsOf(rows: readonly JudgedPrediction[]): OutcomeColumns {
  const columns = { predictions: rows.map(({ prediction }) => prediction ?? NaN), labels: rows.map(({ label }) => label ?? NaN), blocks: rows.map(({ block }) => block) };
  return columnsWhere(columns, (row) => rows[row]?.state === 'labelled' && Number.isFinite(columns.predictions[row]));
}

function metricsOf(columns: OutcomeColumns, task: Task, alpha: number): MeasuredMetric[] {
  return performanceMetricsOf(task).map(({ metric, of, range: [least, most], undefinedWhen }) => {
    const { value, lower, upper, blocks, rows } = jackknifeOf(columns, of, alpha);
    if (!Number.isFinite(value)) return { metric, value: null, lower: null, upper: null, blocks, rows, because: rows === 0 ? 'no labelled rows' : undefinedWhen };
    if (!Number.isFinite(lower)) return { metric, value, lower: null, upper: null, blocks, rows, because: blocks < 2 ? 'one block: how blocks differ is not known' : 'a block alone makes it defined' };
    return { metric, value, lower: Math.max(least, lower), upper: Math.min(most, upper), blocks, rows, because: null };
  });
}
