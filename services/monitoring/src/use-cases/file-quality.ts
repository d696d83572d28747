import type { PerformanceWindow } from '@millrace/contracts';
import { MEASURE_WINDOWS, decideEstimate, finiteOrNull, judgeFairness, judgeMeasure, monitoringPolicyOf } from '@millrace/decisions';
import type { EstimateDecision, EstimatedLoss, Measure, MeasureVerdict, Performance, QualityOfWindow } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { LessThan } from 'typeorm';
import { PerformanceRow } from '../store/performance.row.js';
import type { MeasuredWindow } from '../store/performance.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { WindowRow } from '../store/window.row.js';
import { rulesOf } from './alarm-budget.js';

const PATIENCE_WINDOWS = 7;
const SMALLEST_ALPHA = 1e-6;

/** What was read of one version's window, and when it is worth reading again. */
export interface ReadQuality {
  pipeline: string;
  modelVersion: number;
  fromAt: Date;
  toAt: Date;
  knownUntil: Date | null;
  dueAt: Date | null;
  quality: QualityOfWindow;
  serving: Measure[];
}

/** A window as it was measured now, and as it was before; null the first time. */
export interface FiledQuality {
  measured: MeasuredWindow;
  before: MeasuredWindow | null;
}

/** Files how a version's predictions of a window turned out, judged against its own windows before. */
export async function fileQuality(tx: Tx, { pipeline, modelVersion, fromAt, toAt, knownUntil, dueAt, quality, serving }: ReadQuality): Promise<FiledQuality> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const { definition } = row;
  const rules = monitoringPolicyOf(await rulesOf(tx, row));
  const before = await tx.findMany(PerformanceRow, { where: { pipeline, modelVersion, fromAt: LessThan(fromAt) }, order: { fromAt: 'DESC' }, take: MEASURE_WINDOWS });
  const measures = [...serving, ...quality.measures];
  const alpha = Math.max(SMALLEST_ALPHA, rules.alphaOfMeasures / Math.max(1, measures.length));
  const judged = measures.map((measure) => ({ measure, ...judgeMeasure(measure, valuesOf(measure.name, before), { ...rules, alpha }) }));
  const estimate = quality.estimate && decideEstimate(quality.estimate, await usualEstimates(tx, before), overdueWindows(before), { ...rules, alphaPerWindow: rules.alphaOfEstimates, patienceWindows: PATIENCE_WINDOWS });
  const gaps = definition.monitoring.fairness?.largestGaps ?? {};
  const measured: MeasuredWindow = {
    knownUntil: knownUntil?.toISOString() ?? null,
    quality: quality.performance.kind,
    labels: labelsOf(quality.performance),
    metrics: quality.performance.metrics,
    slices: quality.slices.map(({ column, slice, performance }) => ({ column, slice, predictions: performance.coverage.predictions, labelled: performance.coverage.states.labelled, quality: performance.kind, metrics: performance.metrics })),
    estimate: estimate && quality.estimate && estimateOf(quality.estimate, estimate),
    measures: judged.map(toMeasure),
    fairness: quality.fairness.map((gap) => ({ ...gap, gap: finiteOrNull(gap.gap), surely: finiteOrNull(gap.surely), verdict: judgeFairness(gap, gaps[gap.metric] ?? Infinity).verdict })),
    because: [...quality.performance.because, ...(estimate?.because ?? [])],
  };
  const known = await tx.find(PerformanceRow, { pipeline, modelVersion, fromAt });
  await tx.save(PerformanceRow, { pipeline, modelVersion, fromAt, toAt, dueAt, measured });
  return { measured, before: known?.measured ?? null };
}

/** Values of a measure in the windows before, oldest first. */
function valuesOf(name: string, before: readonly PerformanceRow[]): number[] {
  return before.toReversed().flatMap(({ measured }) => measured.measures.flatMap((measure) => (measure.name === name && measure.value !== null ? [measure.value] : [])));
}

/** Estimates of windows whose measured loss was not degraded: an estimate is held against estimates. */
async function usualEstimates(tx: Tx, before: readonly PerformanceRow[]): Promise<EstimatedLoss[]> {
  const usual: EstimatedLoss[] = [];
  for (const { pipeline, modelVersion, fromAt, toAt, measured } of before) {
    const { estimate, quality } = measured;
    if (!estimate || estimate.meanLoss === null || quality !== 'measured') continue;
    const window = await tx.find(WindowRow, { pipeline, modelVersion, fromAt });
    if (window?.incident || window?.outcome?.verdict === 'degraded') continue;
    usual.push({ kind: 'estimated', method: estimate.method, from: fromAt.toISOString(), to: toAt.toISOString(), rows: estimate.rows, meanLoss: estimate.meanLoss });
  }
  return usual;
}

/** Windows whose outcomes are due and largely missing. */
function overdueWindows(before: readonly PerformanceRow[]): number {
  return before.filter(({ measured: { labels } }) => labels.predictions > 0 && labels.missing > labels.predictions / 2).length;
}

function labelsOf({ coverage: { predictions, states, oddities, waitingShare } }: Performance): PerformanceWindow['labels'] {
  const { late, duplicate, contradicting, ambiguous } = oddities;
  return { predictions, labelled: states.labelled, waiting: states.waiting, waitingShare, missing: states.missing, unusable: states.unusable, late, duplicate, contradicting, beforePrediction: oddities['before-prediction'], ambiguous };
}

function estimateOf({ method, rows, metrics }: EstimatedLoss & { metrics: Record<string, number> }, { action, measured, bound }: EstimateDecision): PerformanceWindow['estimate'] {
  return { method, rows, meanLoss: finiteOrNull(measured), action, bound: finiteOrNull(bound), metrics };
}

function toMeasure({ measure: { name, kind, value, rows }, verdict, finding }: { measure: Measure } & MeasureVerdict): PerformanceWindow['measures'][number] {
  return { name, kind, value: finiteOrNull(value ?? NaN), rows, verdict, finding };
}
