import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull } from '../evaluation/finding.js';
import { upperBoundOfNext } from '../monitoring/bound-of-next.js';
import type { Assessment } from '../monitoring/decide-incident.js';

/** What a model's loss is expected to be while labels are not known: an opinion of a second model, never a measurement. */
export interface EstimatedLoss {
  kind: 'estimated';
  method: 'cbpe' | 'dle';
  from: string;
  to: string;
  rows: number;
  /** In units of the pipeline's metric; NaN where it cannot be told. */
  meanLoss: number;
}

/** An estimate may alert, wait for labels, ask a person, or say nothing. There is no word for "good": that takes labels. */
export type EstimateAction = 'alert' | 'wait-for-labels' | 'ask-a-person' | 'cannot-say';

export interface EstimateDecision {
  action: EstimateAction;
  measured: number;
  bound: number;
  because: Finding[];
}

/** What an estimate can bring to an incident: it begins one or leaves it as it is. */
export type EstimatedAssessment = Assessment & { verdict: 'alarm' | 'cannot-say' };

export interface EstimatePolicy {
  alphaPerWindow: number;
  minimumRows: number;
  minimumReferenceWindows: number;
  /** Windows whose outcomes are overdue before a person is asked to look for the labels. */
  patienceWindows: number;
}

/**
 * What an expected loss leads to, while the window's labels are not final. Above the bound of the estimates of usual windows it
 * alerts. Else it waits; and asks a person when labels are overdue for long.
 * @param usual estimates of windows whose measured loss was usual: an estimate is held against estimates, not against losses
 */
export function decideEstimate(estimate: EstimatedLoss, usual: readonly EstimatedLoss[], overdueWindows: number, policy: EstimatePolicy): EstimateDecision {
  const known = usual.filter(({ rows, meanLoss }) => rows >= policy.minimumRows && Number.isFinite(meanLoss)).map(({ meanLoss }) => meanLoss);
  const measured = estimate.meanLoss;
  if (estimate.rows < policy.minimumRows || !Number.isFinite(measured)) return { action: 'cannot-say', measured, bound: NaN, because: [tooThin('rows-of-window', estimate.rows, policy.minimumRows)] };
  if (known.length < policy.minimumReferenceWindows) return { action: 'cannot-say', measured, bound: NaN, because: [tooThin('estimates-of-usual-windows', known.length, policy.minimumReferenceWindows)] };
  const bound = upperBoundOfNext(known, policy.alphaPerWindow, { smallestDeviation: 0.01 * Math.abs(known.reduce((sum, loss) => sum + loss, 0) / known.length) });
  const expected: Finding = { check: `expected-loss-by-${estimate.method}`, passed: measured <= bound, measured: finiteOrNull(measured), bound: finiteOrNull(bound), rows: estimate.rows, detail: 'Estimated without labels: blind to a change of the concept' };
  if (!expected.passed) return { action: 'alert', measured, bound, because: [expected] };
  const overdue: Finding = { check: 'windows-with-overdue-labels', passed: overdueWindows <= policy.patienceWindows, measured: overdueWindows, bound: policy.patienceWindows };
  return { action: overdue.passed ? 'wait-for-labels' : 'ask-a-person', measured, bound, because: [expected, overdue] };
}

/** The only way from an estimate to an incident. */
export function estimatedAssessmentOf({ from, to }: EstimatedLoss, { action }: EstimateDecision): EstimatedAssessment {
  return { from, to, verdict: action === 'alert' ? 'alarm' : 'cannot-say', diagnosis: 'cannot-say', changePoint: action === 'alert' ? from : null };
}

function tooThin(check: string, measured: number, bound: number): Finding {
  return { check, passed: false, measured, bound, detail: 'Too little to estimate by' };
}
