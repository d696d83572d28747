import type { Finding } from '../evaluation/finding.js';
import { judgeLabels } from './flipped-labels.js';
import type { Diagnosis } from '../training/decide-trigger.js';
import type { DegradationDecision } from './decide-degradation.js';
import type { DriftDecision, JudgedWindow } from './decide-drift.js';
import type { Assessment } from './decide-incident.js';
import type { LossWindow } from './loss-window.js';

/** What a window says of broken data. They began before it when a column with a sign was out of bounds in the window before. */
export function dataAssessmentOf({ next }: Pick<DriftDecision, 'next'>, before: JudgedWindow | undefined): Assessment & { beganBefore: boolean } {
  const broken = next.signs.length > 0;
  const moved = new Set(next.signs.map(({ column }) => column));
  const beganBefore = broken && (before?.columns.some(({ column, distance, threshold }) => moved.has(column) && distance > threshold) ?? false);
  const began = next.signs.map((sign) => sign.began).sort()[0] ?? next.from;
  const verdict = broken ? 'alarm' : next.verdict === 'too-thin' ? 'cannot-say' : next.verdict;
  return { from: next.from, to: next.to, verdict, diagnosis: 'data-incident', changePoint: beganBefore && before ? before.from : began, beganBefore };
}

/** What a window says of moved inputs and answers; broken data say nothing of the world. */
export function driftAssessmentOf({ next, verdict, changePoint }: Pick<DriftDecision, 'next' | 'verdict' | 'changePoint'>, diagnosis: Diagnosis): Assessment {
  const silent = next.signs.length > 0 || verdict === 'cannot-say';
  const said = silent ? 'cannot-say' : verdict === 'drift' ? 'alarm' : next.verdict === 'in-bounds' ? 'in-bounds' : 'out-of-bounds';
  return { from: next.from, to: next.to, verdict: said, diagnosis, changePoint };
}

/** What a window's measured losses say. */
export function performanceAssessmentOf({ verdict, bound, changePoint }: Pick<DegradationDecision, 'verdict' | 'bound' | 'changePoint'>, losses: LossWindow, diagnosis: Diagnosis): Assessment {
  const said = verdict === 'degraded' ? 'alarm' : verdict === 'cannot-say' ? 'cannot-say' : losses.meanLoss > bound ? 'out-of-bounds' : 'in-bounds';
  return { from: losses.from, to: losses.to, verdict: said, diagnosis, changePoint };
}

/** What the newest windows say of flipped labels, and why. */
export interface LabelsAssessment {
  assessment: Assessment & { changePoint: string };
  finding: Finding;
}

/** Null while there are too few windows to say anything. @param matured oldest first */
export function labelsAssessmentOf(matured: readonly LossWindow[], usual: readonly LossWindow[]): LabelsAssessment | null {
  const newest = matured.at(-1);
  const judged = newest ? judgeLabels(matured, usual) : null;
  if (!newest || !judged) return null;
  const verdict = { flipped: 'alarm', sound: 'in-bounds', 'cannot-say': 'cannot-say' } as const;
  return { assessment: { from: newest.from, to: newest.to, verdict: verdict[judged.verdict], diagnosis: 'data-incident', changePoint: judged.from }, finding: judged.finding };
}
