import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull } from '../evaluation/finding.js';
import { meanOf } from '../statistics/moments.js';
import type { Diagnosis } from '../training/decide-trigger.js';
import { upperBoundOfNext } from './bound-of-next.js';
import type { IncidentSign } from './incident-sign.js';
import type { LossWindow } from './loss-window.js';
import type { MonitoringPolicy } from './monitoring-policy.js';

export interface DiagnosisInput {
  /** Signs of broken data in any window of the run. */
  signs: readonly IncidentSign[];
  /** Whether the distribution of an input (not of the prediction alone) is out of bounds. */
  inputsDrifted: boolean;
  /** Whether losses of matured windows are out of bounds; null while that cannot be said. */
  degraded: boolean | null;
  /** Matured windows of the run, and those of the reference. */
  matured: readonly LossWindow[];
  reference: readonly LossWindow[];
}

export interface DiagnosisDecision {
  diagnosis: Diagnosis;
  because: Finding[];
}

/**
 * Says what kind of change it is, before anything reacts. Broken data first: it must never be learned. Otherwise, with
 * matured labels: predictions that still match the labels on average mean that only the inputs moved (`covariate`); an other
 * share of labels with the ranking intact is `label-shift`; anything else that makes losses grow is `concept`.
 * Without labels moved inputs are `covariate`, and nothing is said of the concept.
 */
export function diagnose(input: DiagnosisInput, policy: Pick<MonitoringPolicy, 'alphaPerWindow' | 'minimumReferenceWindows'>): DiagnosisDecision {
  if (input.signs.length > 0) return { diagnosis: 'data-incident', because: input.signs.map(({ finding }) => finding) };
  const evidence = outcomeEvidence(input, policy.alphaPerWindow);
  const inputs: Finding = { check: 'inputs-in-bounds', passed: !input.inputsDrifted };
  const because = [inputs, ...Object.values(evidence).flatMap((finding) => finding ?? [])];
  if (input.reference.length < policy.minimumReferenceWindows || input.matured.length === 0)
    return { diagnosis: input.inputsDrifted ? 'covariate' : 'cannot-say', because: [...because, labelsMissing(input)] };
  return { diagnosis: byOutcomes(input, evidence), because };
}

function byOutcomes({ inputsDrifted, degraded }: DiagnosisInput, { calibration, labels, ranking }: OutcomeEvidence): Diagnosis {
  const calibrated = calibration?.passed ?? true;
  if (inputsDrifted && calibrated) return 'covariate';
  if (labels && !labels.passed && ranking?.passed) return 'label-shift';
  if (!calibrated || degraded) return 'concept';
  return 'cannot-say';
}

interface OutcomeEvidence {
  calibration: Finding | null;
  labels: Finding | null;
  ranking: Finding | null;
}

function outcomeEvidence({ matured, reference }: DiagnosisInput, alpha: number): OutcomeEvidence {
  const gap = (window: LossWindow): number => Math.abs((window.meanLabel ?? NaN) - (window.meanPrediction ?? NaN));
  const usualLabel = meanOf(reference.map((window) => window.meanLabel ?? NaN));
  const labelDistance = (window: LossWindow): number => Math.abs((window.meanLabel ?? NaN) - usualLabel);
  return {
    calibration: judgeMean('gap-between-mean-label-and-mean-prediction', gap, matured, reference, alpha),
    labels: judgeMean('distance-of-mean-label-from-reference', labelDistance, matured, reference, alpha),
    ranking: judgeMean('loss-of-ranking', (window) => 1 - (window.rocAuc ?? NaN), matured, reference, alpha),
  };
}

function judgeMean(check: string, measure: (window: LossWindow) => number, matured: readonly LossWindow[], reference: readonly LossWindow[], alpha: number): Finding | null {
  const values = matured.map(measure).filter(Number.isFinite);
  const usual = reference.map(measure).filter(Number.isFinite);
  if (values.length === 0 || usual.length < 2) return null;
  const bound = upperBoundOfNext(usual, alpha, { next: values.length });
  return {
    check,
    passed: meanOf(values) <= bound,
    measured: finiteOrNull(meanOf(values)),
    bound: finiteOrNull(bound),
    blocks: values.length,
    rows: matured.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function labelsMissing({ matured, reference }: DiagnosisInput): Finding {
  const detail = `${matured.length} matured windows of the run, ${reference.length} of the reference: nothing is said of the concept`;
  return { check: 'matured-labels', passed: false, measured: matured.length, bound: null, detail };
}
