import { boundedReference, pinColumn, referenceOf } from '@millrace/decisions';
import type { BoundedReference, JudgedWindow, MonitoringPolicy, Reference, WindowProfile } from '@millrace/decisions';
import type { ScoreReference } from '../store/reference.row.js';

export const SCORE = 'score';
/** So many windows in bounds are needed before scores are judged, and so many at most make their reference. */
const FEWEST_WINDOWS = 5;
const MOST_WINDOWS = 28;

/** The reference of a version's scores: pinned by its first window, so that it exists before anything can be judged by it. */
export function scoreReferenceOf(known: ScoreReference | null, scoreSample: readonly number[]): ScoreReference | null {
  return known ?? (scoreSample.length > 0 ? { column: pinColumn(SCORE, 'numeric', scoreSample), windows: [] } : null);
}

/** The scores beside the inputs, by the version's own first windows; nothing while these are too few. */
export function boundedScores(scores: ScoreReference | null, inputs: Reference, policy: MonitoringPolicy): BoundedReference[] {
  if (!scores || scores.windows.length < FEWEST_WINDOWS) return [];
  return [boundedReference(referenceOf([scores.column], scores.windows, policy), policy, inputs.columns.length + 1)];
}

/** The first windows in bounds become the reference of the scores. */
export function learned(scores: ScoreReference | null, seen: WindowProfile | null, { verdict }: JudgedWindow): ScoreReference | null {
  if (!scores || !seen || seen.rows === 0 || scores.windows.length >= MOST_WINDOWS || verdict !== 'in-bounds') return scores;
  return { ...scores, windows: [...scores.windows, { ...seen, parts: [] }] };
}
