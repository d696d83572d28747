import type { Finding } from '../evaluation/finding.js';
import type { LabelOddity, LabelState, SettledLabel } from './settle-label.js';

/** How many predictions have an outcome, and what was odd about the feedback. */
export interface LabelCoverage {
  predictions: number;
  states: Record<LabelState, number>;
  oddities: Record<LabelOddity, number>;
  /** Share of predictions whose outcome is not known and not due yet; 0 without predictions. */
  waitingShare: number;
  /** Share of predictions with an outcome; 0 without predictions. */
  labelledShare: number;
}

export function labelCoverageOf(settled: readonly Pick<SettledLabel, 'state' | 'oddities'>[]): LabelCoverage {
  const states: Record<LabelState, number> = { labelled: 0, waiting: 0, missing: 0, unusable: 0 };
  const oddities: Record<LabelOddity, number> = { late: 0, duplicate: 0, contradicting: 0, 'before-prediction': 0, ambiguous: 0, unusable: 0 };
  for (const { state, oddities: found } of settled) {
    states[state] += 1;
    for (const oddity of found) oddities[oddity] += 1;
  }
  const share = (count: number): number => (settled.length === 0 ? 0 : count / settled.length);
  return { predictions: settled.length, states, oddities, waitingShare: share(states.waiting), labelledShare: share(states.labelled) };
}

/** More than this part of the labels that contradict one another, or lie before their prediction, and nothing is said of quality. */
const LARGEST_ODD_SHARE = 0.05;
/** With a smaller part of what is due labelled, those that are may be others than those that are not. */
const SMALLEST_LABELLED_SHARE = 0.5;

/** Whether quality can be told from these labels at all, and whether it is final. Findings that did not pass say why not. */
export function judgeCoverage({ predictions, states, oddities, waitingShare }: LabelCoverage, minimumRows: number): { canSay: boolean; isFinal: boolean; because: Finding[] } {
  const due = predictions - states.waiting;
  const labelled = due === 0 ? 0 : Math.min(1, states.labelled / due);
  const odd = (count: number): number => (predictions === 0 ? 0 : count / predictions);
  const checks: Finding[] = [
    { check: 'labelled-rows', passed: states.labelled >= minimumRows, measured: states.labelled, bound: minimumRows, rows: predictions },
    { check: 'labelled-share-of-what-is-due', passed: labelled >= SMALLEST_LABELLED_SHARE, measured: labelled, bound: SMALLEST_LABELLED_SHARE, rows: due, detail: `${states.missing} outcomes are due and missing, which is never negative` },
    { check: 'labels-known-before-their-prediction', passed: odd(oddities['before-prediction']) <= LARGEST_ODD_SHARE, measured: odd(oddities['before-prediction']), bound: LARGEST_ODD_SHARE, rows: predictions, detail: 'An outcome that was known before it was predicted is none: a clock is wrong, or the label leaks' },
    { check: 'contradicting-labels', passed: odd(oddities.contradicting) <= LARGEST_ODD_SHARE, measured: odd(oddities.contradicting), bound: LARGEST_ODD_SHARE, rows: predictions, detail: 'The one known last counts' },
  ];
  const waiting: Finding = { check: 'share-still-waiting', passed: states.waiting === 0, measured: waitingShare, bound: 0, rows: predictions, detail: 'Their outcomes are not known yet: quality is provisional' };
  return { canSay: checks.every(({ passed }) => passed), isFinal: states.waiting === 0, because: [...checks, waiting] };
}
