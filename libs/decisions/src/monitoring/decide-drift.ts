import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull } from '../evaluation/finding.js';
import type { AlarmBound } from './alarm-bound.js';
import { alarmRunOf } from './alarm-run.js';
import { upperBoundOfNext } from './bound-of-next.js';
import { changeIntervalOf } from './change-interval.js';
import type { EventTimeInterval } from './change-interval.js';
import { distanceOf, divergenceOf, shiftedShareOf } from './column-distance.js';
import { flawOfColumn } from './flaw-of-column.js';
import { incidentSignsOf } from './incident-signs.js';
import type { IncidentSign } from './incident-sign.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import { phaseOfWindow, thresholdOf } from './reference-of.js';
import type { BoundedReference, ColumnReference, Reference } from './reference-of.js';
import type { WindowProfile } from './window-profile.js';

const WINDOWS_TO_SETTLE = 7;
const WINDOWS_TO_KNOW = 7;

export interface ColumnDistance {
  column: string;
  /** Jensen-Shannon distance beyond sampling. */
  distance: number;
  threshold: number;
  /** Rows of the window it rests on. */
  rows: number;
  /** Effect size: share of rows that lie in other bins than the reference's, beyond sampling. */
  shifted: number;
  /** Columns of the same group moved together in the reference. */
  group: number;
}

/** What is remembered of a judged window. */
export interface JudgedWindow {
  from: string;
  to: string;
  rows: number;
  repeated: number;
  verdict: 'in-bounds' | 'out-of-bounds' | 'too-thin';
  columns: ColumnDistance[];
  signs: IncidentSign[];
}

export interface DriftedColumn extends ColumnDistance {
  /** This column's part of all that lies beyond the bounds, between 0 and 1; the columns add up to 1. */
  share: number;
  /** For a unit jump: what the values were multiplied by. */
  factor?: number;
  /** Parts of the change of the mean prediction and of the mean loss that its shift makes, with sign. Absent where not known. */
  predictionShare?: number;
  errorShare?: number;
}

export interface DriftDecision {
  next: JudgedWindow;
  verdict: 'drift' | 'normal' | 'cannot-say';
  /** Start of the first window of the run that is out of bounds; null without drift. */
  changePoint: string | null;
  /** Between when and when it began; null without drift. */
  changeInterval: EventTimeInterval | null;
  /** The columns out of bounds, related ones together, the group with the largest share first. */
  columns: DriftedColumn[];
  because: Finding[];
}

/**
 * Judges one closed window against the model version's own reference, and decides with the windows before it whether the
 * inputs or the predictions moved. A sign of broken data alarms at once; everything else needs `alarmAfter` of `of` windows.
 * @param recent judged windows before this one, oldest first
 * @param separate columns that are judged by windows of their own (the scores of a version)
 */
export function decideDrift(window: WindowProfile, inputs: BoundedReference, recent: readonly JudgedWindow[], policy: MonitoringPolicy, separate: readonly BoundedReference[] = []): DriftDecision {
  const { reference, bound } = inputs;
  const next = judgeWindow(window, inputs, separate, recent, policy);
  const nothing: DriftDecision = { next, verdict: 'cannot-say', changePoint: null, changeInterval: null, columns: [], because: [] };
  if (reference.windows.length < policy.minimumReferenceWindows) return { ...nothing, next: { ...next, verdict: 'too-thin' }, because: [tooFewReferenceWindows(reference, policy)] };
  if (next.verdict === 'too-thin') return { ...nothing, because: [tooFewRows(window, policy)] };
  const flaws = reference.columns.flatMap((column) => flawOfColumn(column, window) ?? []);
  const broken = next.signs.length > 0;
  if (!broken && flaws.length === reference.columns.length && flaws.length > 0) return { ...nothing, next: { ...next, verdict: 'too-thin' }, because: flaws };
  const run = alarmRunOf([...recent, next], policy);
  const because = [...next.signs.map(({ finding }) => finding), ...columnFindings(next, broken), runFinding(run.outOfBounds, policy), bound.because, ...flaws];
  if (!run.alarmed && !broken) return { ...nothing, verdict: 'normal', because };
  const changePoint = run.changePoint ?? window.from;
  return { next, verdict: 'drift', changePoint, changeInterval: changeIntervalOf([...recent, next], changePoint), columns: sharesOf(next), because };
}

function judgeWindow(window: WindowProfile, inputs: BoundedReference, separate: readonly BoundedReference[], recent: readonly JudgedWindow[], policy: MonitoringPolicy): JudgedWindow {
  const signs = incidentSignsOf(window, inputs, recent, policy);
  const columns = [inputs, ...separate].flatMap(({ reference, bound }) => {
    const phase = phaseOfWindow(reference, window);
    const alpha = policy.alphaPerWindow / Math.max(1, reference.columns.length);
    return reference.columns.flatMap((column) => distanceFrom(column, window, { bound, phase, lately: bound.promised ? 0 : usualLately(column.column.name, recent, alpha) }) ?? []);
  });
  const out = signs.length > 0 || columns.some(({ distance, threshold }) => distance > threshold);
  const thin = window.rows < policy.minimumRows && signs.length === 0;
  return { from: window.from, to: window.to, rows: window.rows, repeated: window.repeated, verdict: thin ? 'too-thin' : out ? 'out-of-bounds' : 'in-bounds', columns, signs };
}

/**
 * A reference that is too short to promise anything is no reason to stand in alarm for ever: what a column did for longer than a week
 * (of seven windows) is usual as well. 0 while little is known.
 */
function usualLately(column: string, recent: readonly JudgedWindow[], alpha: number): number {
  const distances = recent
    .filter(({ verdict }) => verdict !== 'too-thin')
    .slice(0, -WINDOWS_TO_SETTLE)
    .flatMap(({ columns }) => columns.find((each) => each.column === column)?.distance ?? [])
    .filter(Number.isFinite);
  return distances.length < WINDOWS_TO_KNOW ? 0 : upperBoundOfNext(distances, alpha);
}

function distanceFrom(reference: ColumnReference, window: WindowProfile, { bound, phase, lately }: { bound: AlarmBound; phase: number; lately: number }): ColumnDistance | null {
  const tally = window.columns[reference.column.name];
  if (!tally || window.rows === 0 || flawOfColumn(reference, window)) return null;
  const divergence = divergenceOf(tally, reference.pooled);
  return {
    column: reference.column.name,
    distance: distanceOf(divergence),
    threshold: Math.max(lately, thresholdOf(reference, bound, divergence, phase)),
    rows: divergence.rows,
    shifted: shiftedShareOf(tally, reference.pooled),
    group: reference.group,
  };
}

/** Related columns stay together: groups by their share, and within a group columns by theirs. */
function sharesOf({ columns, signs }: JudgedWindow): DriftedColumn[] {
  const beyond = columns.filter(({ distance, threshold }) => distance > threshold);
  const total = beyond.reduce((sum, { distance, threshold }) => sum + distance - threshold, 0);
  const shared = beyond.map((column) => {
    const factor = signs.find((sign) => sign.column === column.column)?.factor;
    return { ...column, share: (column.distance - column.threshold) / total, ...(factor === undefined ? {} : { factor }) };
  });
  const shareOfGroup = (group: number): number => shared.reduce((sum, column) => sum + (column.group === group ? column.share : 0), 0);
  return shared.sort((a, b) => shareOfGroup(b.group) - shareOfGroup(a.group) || a.group - b.group || b.share - a.share);
}

/** The columns out of bounds, or else the one nearest to its bound: enough to see why. */
function columnFindings({ columns }: JudgedWindow, broken: boolean): Finding[] {
  const byExcess = columns.toSorted((a, b) => b.distance / b.threshold - a.distance / a.threshold);
  const beyond = byExcess.filter(({ distance, threshold }) => distance > threshold);
  return (beyond.length > 0 || broken ? beyond : byExcess.slice(0, 1)).map(({ column, distance, threshold, rows }) => ({
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
  const detail = reference.lost ?? 'Too few reference windows to know how windows differ among themselves';
  return { check: 'windows-of-reference', passed: false, measured: reference.windows.length, bound: policy.minimumReferenceWindows, detail };
}
