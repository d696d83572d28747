import type { Finding, Pipeline } from '@millrace/contracts';
import { showsGainInShadow } from '../evaluation/gate-policy-of.js';
import type { Stretch } from './training-set-sql.js';

export interface TrainingSetWindows {
  /** Event time before which outcomes are final. */
  maturedToMs: number;
  training: Stretch;
  /** The hold-out that is sealed now. */
  recent: Stretch;
  /** Between the last training row and the hold-out, so that no outcome of training became known inside it. */
  embargoMs: number;
  /** Left out of training: incidents, and the pinned hold-out. */
  excluded: Stretch[];
}

/**
 * Which event time trains and which is sealed, from what is known as of a time: the hold-out ends where outcomes are final, the embargo (the label's maturity) lies before it,
 * the training window before that. Where the gain is shown in shadow the hold-out only refuses what is plainly broken, and needs no embargo: the
 * newest rows are worth more in training.
 */
export function planTrainingSet(pipeline: Pick<Pipeline, 'label' | 'training' | 'evaluation'>, asOfMs: number, incidents: readonly Stretch[], reference: Stretch | null): TrainingSetWindows {
  const maturedToMs = asOfMs - pipeline.label.maturesAfterMs;
  const embargoMs = showsGainInShadow(pipeline.evaluation) ? 0 : pipeline.label.maturesAfterMs;
  const recent = { fromMs: maturedToMs - pipeline.evaluation.holdOutMs, toMs: maturedToMs };
  const trainingToMs = recent.fromMs - embargoMs;
  const training = { fromMs: trainingToMs - pipeline.training.windowMs, toMs: trainingToMs };
  return { maturedToMs, training, recent, embargoMs, excluded: [...incidents, ...(reference ? [reference] : [])] };
}

/** How far behind what is known the newest row lies that a run trains on, milliseconds of event time. */
export function trainingLagMsOf(pipeline: Pick<Pipeline, 'label' | 'training' | 'evaluation'>): number {
  return -planTrainingSet(pipeline, 0, [], null).training.toMs;
}

/** What was made, for `judgeTrainingSet`. */
export interface TrainingSetCounts {
  rows: number;
  /** Rows with label 1; null for a regression. */
  positives: number | null;
  holdOutRows: number;
}

const FEWEST_ROWS = 20;

/** Rows before the hold-out and its embargo without which no run is worth it: a tenth of the matured rows that the pipeline asks for. */
export function fewestTrainingRows({ training }: Pick<Pipeline, 'training'>): number {
  return Math.max(FEWEST_ROWS, Math.ceil(training.minimumMaturedRows / 10));
}

/** Whether a training set is worth a run: enough rows, both classes, and a hold-out that can judge. */
export function judgeTrainingSet(pipeline: Pick<Pipeline, 'training'>, counts: TrainingSetCounts): Finding[] {
  const needed = fewestTrainingRows(pipeline);
  const findings: Finding[] = [
    { check: 'training-rows', passed: counts.rows >= needed, measured: counts.rows, bound: needed, detail: 'Matured rows before the hold-out and its embargo' },
    { check: 'hold-out-rows', passed: counts.holdOutRows >= FEWEST_ROWS, measured: counts.holdOutRows, bound: FEWEST_ROWS, detail: 'Matured rows of the recent hold-out' },
  ];
  if (counts.positives === null) return findings;
  const smaller = Math.min(counts.positives, counts.rows - counts.positives);
  return [...findings, { check: 'rows-of-the-rarer-class', passed: smaller >= 2, measured: smaller, bound: 2, detail: 'A classifier needs rows of both classes' }];
}
