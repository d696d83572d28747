import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull } from '../evaluation/finding.js';
import { alarmRunOf } from './alarm-run.js';
import { columnDistanceOf } from './column-distance.js';
import { incidentSignsOf } from './incident-signs.js';
import type { IncidentSign } from './incident-signs.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import { thresholdFor } from './reference-of.js';
import type { Reference } from './reference-of.js';
import type { WindowProfile } from './window-profile.js';

export interface ColumnDistance {
  column: string;
  distance: number;
  threshold: number;
}

/** What is remembered of a judged window. */
export interface JudgedWindow {
  from: string;
  to: string;
  rows: number;
  verdict: 'in-bounds' | 'out-of-bounds' | 'too-thin';
  columns: ColumnDistance[];
  signs: IncidentSign[];
}

export interface DriftedColumn extends ColumnDistance {
  /** This column's part of all that lies beyond the bounds, between 0 and 1; the columns add up to 1. */
  share: number;
  /** For a unit jump: what the values were multiplied by. */
  factor?: number;
}

export interface DriftDecision {
  next: JudgedWindow;
  verdict: 'drift' | 'normal' | 'cannot-say';
  /** Start of the first window of the run that is out of bounds; null without drift. */
  changePoint: string | null;
  /** The columns out of bounds, largest share first. */
  columns: DriftedColumn[];
  because: Finding[];
}

/**
 * Judges one closed window against the model version's own reference, and decides with the windows before it whether the
 * inputs or the predictions moved. A sign of broken data alarms at once; everything else needs `alarmAfter` of `of` windows.
 * @param recent judged windows before this one, oldest first
 */
export function decideDrift(window: WindowProfile, reference: Reference, recent: readonly JudgedWindow[], policy: MonitoringPolicy): DriftDecision {
  const next = judgeWindow(window, reference, policy);
  if (reference.windows.length < policy.minimumReferenceWindows)
    return { next: { ...next, verdict: 'too-thin' }, verdict: 'cannot-say', changePoint: null, columns: [], because: [tooFewReferenceWindows(reference, policy)] };
  if (next.verdict === 'too-thin') return { next, verdict: 'cannot-say', changePoint: null, columns: [], because: [tooFewRows(window, policy)] };
  const run = alarmRunOf([...recent, next], policy);
  const broken = next.signs.length > 0;
  const because = [...next.signs.map(({ finding }) => finding), ...columnFindings(next, broken), runFinding(run.outOfBounds, policy)];
  if (!run.alarmed && !broken) return { next, verdict: 'normal', changePoint: null, columns: [], because };
  return { next, verdict: 'drift', changePoint: run.changePoint ?? window.from, columns: sharesOf(next), because };
}

function judgeWindow(window: WindowProfile, reference: Reference, policy: MonitoringPolicy): JudgedWindow {
  const signs = incidentSignsOf(window, reference, policy);
  const columns = reference.columns.flatMap((column) => {
    const { name } = column.column;
    const seen = window.columns[name];
    return seen && window.rows > 0 ? [{ column: name, distance: columnDistanceOf(seen, column.pooled), threshold: thresholdFor(column, seen) }] : [];
  });
  const out = signs.length > 0 || columns.some(({ distance, threshold }) => distance > threshold);
  const thin = window.rows < policy.minimumRows && signs.length === 0;
  const verdict = thin ? 'too-thin' : out ? 'out-of-bounds' : 'in-bounds';
  return { from: window.from, to: window.to, rows: window.rows, verdict, columns, signs };
}

function sharesOf({ columns, signs }: JudgedWindow): DriftedColumn[] {
  const beyond = columns.filter(({ distance, threshold }) => distance > threshold);
  const total = beyond.reduce((sum, { distance, threshold }) => sum + distance - threshold, 0);
  return beyond
    .map((column) => {
      const factor = signs.find((sign) => sign.column === column.column)?.factor;
      return { ...column, share: (column.distance - column.threshold) / total, ...(factor === undefined ? {} : { factor }) };
    })
    .sort((a, b) => b.share - a.share);
}

/** The columns out of bounds, or else the one nearest to its bound: enough to see why. */
function columnFindings({ columns, rows }: JudgedWindow, broken: boolean): Finding[] {
  const byExcess = columns.toSorted((a, b) => b.distance / b.threshold - a.distance / a.threshold);
  const beyond = byExcess.filter(({ distance, threshold }) => distance > threshold);
  return (beyond.length > 0 || broken ? beyond : byExcess.slice(0, 1)).map(({ column, distance, threshold }) => ({
    check: `distance-of-${column}`,
    passed: distance <= threshold,
    measured: finiteOrNull(distance),
    bound: finiteOrNull(threshold),
    rows,
  }));
}

function runFinding(outOfBounds: number, { alarmAfter, of }: MonitoringPolicy): Finding {
  return { check: 'windows-out-of-bounds', passed: outOfBounds < alarmAfter, measured: outOfBounds, bound: alarmAfter, detail: `of the last ${of} windows` };
}

function tooFewRows(window: WindowProfile, policy: MonitoringPolicy): Finding {
  return { check: 'rows-of-window', passed: false, measured: window.rows, bound: policy.minimumRows, rows: window.rows, detail: 'Too few rows to judge this window' };
}

function tooFewReferenceWindows(reference: Reference, policy: MonitoringPolicy): Finding {
  const detail = 'Too few reference windows to know how windows differ among themselves';
  return { check: 'windows-of-reference', passed: false, measured: reference.windows.length, bound: policy.minimumReferenceWindows, detail };
}
