import type { Finding } from '../evaluation/finding.js';
import type { Diagnosis } from '../training/decide-trigger.js';
import type { MonitoringPolicy } from './monitoring-policy.js';

/**
 * Broken data, a change of inputs or answers, grown losses, or broken labels; and what only alerts: expected losses, what is watched
 * besides (serving, skew, calibration, business), gaps between groups. Each has a life of its own, since the reactions differ.
 */
export type IncidentKind = 'data' | 'drift' | 'performance' | 'labels' | 'estimate' | 'measure' | 'fairness';

export interface Incident {
  id: string;
  kind: IncidentKind;
  diagnosis: Diagnosis;
  state: 'raised' | 'resolved';
  /** Start of the first window out of bounds. */
  changePoint: string;
  /** End of the last window that was judged within the incident. */
  lastWindowEnd: string;
  /** Windows in a row that were in bounds again. */
  normalWindows: number;
  /** End of the incident in event time: where the first window in bounds again began; null while it lasts. */
  resolvedAt: string | null;
}

/** What one closed window said. */
export interface Assessment {
  from: string;
  to: string;
  verdict: 'alarm' | 'in-bounds' | 'out-of-bounds' | 'cannot-say';
  diagnosis: Diagnosis;
  changePoint: string | null;
}

export interface IncidentDecision {
  next: Incident | null;
  action: 'raise' | 'resolve' | 'none';
  because: Finding[];
}

/**
 * The life of an incident: raised by an alarm, silent while it lasts, resolved when `resolveAfter` windows in a row are in
 * bounds again. A window that cannot be judged neither ends nor prolongs it. Broken data that look right again are over soon; a
 * world that changed has good days as well, so that `resolveAfter` is larger there.
 * @param newId id of the incident, should one be raised
 */
export function decideIncident(
  current: Incident | null,
  assessment: Assessment,
  { kind, newId, policy }: { kind: IncidentKind; newId: string; policy: Pick<MonitoringPolicy, 'resolveAfter'> },
): IncidentDecision {
  if (!current || current.state === 'resolved') return raiseOn(current, assessment, kind, newId);
  if (assessment.verdict === 'cannot-say') return { next: current, action: 'none', because: [] };
  if (assessment.verdict === 'in-bounds') return countNormal(current, policy.resolveAfter[kind]);
  return { next: { ...current, normalWindows: 0, lastWindowEnd: assessment.to }, action: 'none', because: [] };
}

function raiseOn(current: Incident | null, assessment: Assessment, kind: IncidentKind, id: string): IncidentDecision {
  if (assessment.verdict !== 'alarm') return { next: current, action: 'none', because: [] };
  const next: Incident = {
    id,
    kind,
    diagnosis: assessment.diagnosis,
    state: 'raised',
    changePoint: assessment.changePoint ?? assessment.from,
    lastWindowEnd: assessment.to,
    normalWindows: 0,
    resolvedAt: null,
  };
  return { next, action: 'raise', because: [] };
}

function countNormal(current: Incident, resolveAfter: number): IncidentDecision {
  const normalWindows = current.normalWindows + 1;
  const finding: Finding = { check: 'windows-in-bounds-again', passed: normalWindows >= resolveAfter, measured: normalWindows, bound: resolveAfter };
  if (normalWindows < resolveAfter) return { next: { ...current, normalWindows }, action: 'none', because: [finding] };
  return { next: { ...current, normalWindows, state: 'resolved', resolvedAt: current.lastWindowEnd }, action: 'resolve', because: [finding] };
}
