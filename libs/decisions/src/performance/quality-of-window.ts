import type { Task } from '../evaluation/hold-out-metrics.js';
import { meanOf } from '../statistics/moments.js';
import type { LossName } from '../statistics/row-losses.js';
import { lossOfRow } from '../statistics/row-losses.js';
import { excessLossOf } from './excess-loss.js';
import { expectedClassificationOf } from './estimate-classification.js';
import type { EstimatedLoss } from './decide-estimate.js';
import { fairnessGapOf } from './fairness.js';
import type { FairnessGap } from './fairness.js';
import type { IsotonicFit } from './isotonic-regression.js';
import { isotonicFitOf } from './isotonic-regression.js';
import type { Measure } from './judge-measure.js';
import type { LossModel } from './loss-model.js';
import { expectedLossesOf, lossModelOf } from './loss-model.js';
import { outcomeColumnsOf, performanceOf } from './performance-of.js';
import type { JudgedPrediction, Performance } from './performance-of.js';
import { settleLabel } from './settle-label.js';
import type { AskedPrediction, LabelClock, ReportedLabel } from './settle-label.js';
import type { Slicing } from './slice-of.js';
import { sliceOf } from './slice-of.js';

export type FeatureCell = number | string | boolean | null;

/** A prediction as the log has it, with all feedback that may speak of it. */
export interface LoggedPrediction extends AskedPrediction {
  score: number | null;
  /** Features as served, in the pipeline's order. */
  features: readonly FeatureCell[];
  reported: readonly ReportedLabel[];
}

export interface QualityPolicy {
  task: Task;
  loss: LossName;
  minimumRows: number;
  windowMs: number;
  features: readonly { name: string; kind: Slicing['kind'] }[];
  fairness: { by: readonly string[]; largestGaps: Readonly<Record<string, number>> };
  limits: Readonly<Record<string, number>>;
}

/** What a version's windows are held against; absent until enough outcomes are known. */
export interface QualityReference {
  slicings: readonly Slicing[];
  calibration: IsotonicFit | null;
  lossModel: LossModel | null;
}

export interface QualityOfWindow {
  performance: Performance;
  slices: { column: string; slice: string; performance: Performance }[];
  estimate: (EstimatedLoss & { metrics: Record<string, number> }) | null;
  measures: Measure[];
  fairness: (FairnessGap & { column: string })[];
}

const ALPHA = 0.05;
/** Blocks of a window: hours of a day. */
const BLOCKS = 24;

/** Everything that outcomes, or their lack, tell of one version in one window. */
export function qualityOfWindow(span: { fromMs: number; toMs: number }, logged: readonly LoggedPrediction[], clock: LabelClock, reference: QualityReference, policy: QualityPolicy): QualityOfWindow {
  const rows = logged.map((prediction): JudgedPrediction => {
    const block = String(Math.floor(((prediction.eventTimeMs - span.fromMs) / policy.windowMs) * BLOCKS));
    return { ...settleLabel(prediction, prediction.reported, clock), prediction: prediction.score, block };
  });
  const rules = { task: policy.task, minimumRows: policy.minimumRows, alpha: ALPHA };
  const performance = performanceOf(rows, rules);
  const bySlicing = reference.slicings.map((slicing) => ({ slicing, groups: groupsOf(slicing, logged, rows, policy) }));
  const slices = bySlicing.flatMap(({ slicing, groups }) => [...groups].map(([slice, members]) => ({ column: slicing.column, slice, performance: performanceOf(members, rules) })));
  return {
    performance,
    slices,
    estimate: estimateOf(span, logged, reference, policy),
    measures: [...calibrationMeasures(performance, policy), ...conceptMeasures(logged, rows, performance, reference, policy)],
    fairness: policy.fairness.by.flatMap((column) => {
      const groups = slices.filter((slice) => slice.column === column).map(({ slice, performance: { metrics } }) => ({ group: slice, metrics }));
      return Object.keys(policy.fairness.largestGaps).map((metric) => ({ column, ...fairnessGapOf(groups, metric) }));
    }),
  };
}

/** Fits what later windows are held against, from the outcomes of a version's first windows. */
export function qualityModelsOf(logged: readonly LoggedPrediction[], clock: LabelClock, { task, loss, features }: QualityPolicy): Pick<QualityReference, 'calibration' | 'lossModel'> {
  const known = logged.flatMap((prediction) => {
    const { label } = settleLabel(prediction, prediction.reported, clock);
    return label === null || prediction.score === null || !Number.isFinite(prediction.score) ? [] : [{ prediction, score: prediction.score, label }];
  });
  if (known.length === 0) return { calibration: null, lossModel: null };
  const calibration = task === 'regression' ? null : isotonicFitOf(known.map(({ score }) => score), known.map(({ label }) => label));
  const inputs = inputsOf(known.map(({ prediction }) => prediction), features);
  return { calibration, lossModel: lossModelOf(inputs, known.map(({ score, label }) => lossOfRow(loss, score, label))) };
}

function groupsOf(slicing: Slicing, logged: readonly LoggedPrediction[], rows: readonly JudgedPrediction[], { features }: QualityPolicy): Map<string, JudgedPrediction[]> {
  const place = features.findIndex(({ name }) => name === slicing.column);
  return Map.groupBy(rows, (_, i) => sliceOf(slicing, logged[i]?.features[place] ?? null)) as Map<string, JudgedPrediction[]>;
}

function estimateOf({ fromMs, toMs }: { fromMs: number; toMs: number }, logged: readonly LoggedPrediction[], { calibration, lossModel }: QualityReference, policy: QualityPolicy): QualityOfWindow['estimate'] {
  const scored = logged.filter(({ score }) => score !== null && Number.isFinite(score));
  if (scored.length === 0) return null;
  const base = { kind: 'estimated', from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), rows: scored.length } as const;
  if (policy.task !== 'regression' && calibration) {
    const { rows: _, ...metrics } = expectedClassificationOf(scored.map(({ score }) => score ?? NaN), calibration);
    const meanLoss = policy.loss === 'log-loss' ? metrics['log-loss'] : policy.loss === 'squared-error' ? metrics['brier-score'] : NaN;
    return { ...base, method: 'cbpe', meanLoss, metrics: finiteOnes(metrics) };
  }
  if (!lossModel) return null;
  const meanLoss = meanOf(expectedLossesOf(lossModel, inputsOf(scored, policy.features)));
  return { ...base, method: 'dle', meanLoss, metrics: finiteOnes({ [policy.loss]: meanLoss }) };
}

/** Calibration as a measure of its own: a model may rank as well as ever and say too much. */
function calibrationMeasures({ kind, metrics }: Performance, { limits }: QualityPolicy): Measure[] {
  const watched = [['expected-calibration-error', 'higher'], ['mean-error', 'both']] as const;
  return watched.flatMap(([name, bad]) => {
    const found = metrics.find(({ metric }) => metric === name);
    return found ? [{ name, kind: 'calibration' as const, bad, value: kind === 'measured' ? found.value : null, rows: found.rows, limit: limits[name] ?? null }] : [];
  });
}

/** Concept drift is error given the input: what the loss is beyond what the reference expects of these very inputs. */
function conceptMeasures(logged: readonly LoggedPrediction[], rows: readonly JudgedPrediction[], { kind }: Performance, { lossModel }: QualityReference, policy: QualityPolicy): Measure[] {
  if (!lossModel) return [];
  const known = logged.filter((prediction, i) => rows[i]?.state === 'labelled' && Number.isFinite(prediction.score ?? NaN));
  const columns = outcomeColumnsOf(rows);
  const { value } = excessLossOf(policy.loss, columns, expectedLossesOf(lossModel, inputsOf(known, policy.features)), ALPHA);
  const name = 'loss-beyond-expected-of-inputs';
  return [{ name, kind: 'concept', bad: 'higher', value: kind === 'measured' && Number.isFinite(value) ? value : null, rows: columns.labels.length, limit: policy.limits[name] ?? null }];
}

/** One column of numbers per input: numeric features, and the prediction itself. Categories are left to the prediction. */
function inputsOf(logged: readonly LoggedPrediction[], features: QualityPolicy['features']): number[][] {
  const numeric = features.flatMap(({ kind }, place) => (kind === 'numeric' ? [place] : []));
  const columns = numeric.map((place) => logged.map(({ features: values }) => (values[place] === null ? NaN : Number(values[place]))));
  return [...columns, logged.map(({ score }) => score ?? NaN)];
}

function finiteOnes(metrics: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}
