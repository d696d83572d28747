import { meanOf, varianceOf } from '../statistics/moments.js';
import { alarmBoundOf } from './alarm-bound.js';
import type { AlarmBound } from './alarm-bound.js';
import { divergenceOf } from './column-distance.js';
import type { Divergence } from './column-distance.js';
import { mergeTallies, tallyWithout } from './column-tally.js';
import { relatedColumns } from './related-columns.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import { digestOfPins } from './pin-column.js';
import { usualSegments } from './usual-segments.js';
import type { UsualSegment } from './usual-segments.js';
import { phaseOf, rhythmOf } from './window-rhythm.js';
import type { WindowRhythm } from './window-rhythm.js';
import type { ColumnTally, PinnedColumn, WindowProfile } from './window-profile.js';

/** What a column looks like in the reference and how far its windows lie from one another. */
export interface ColumnReference {
  column: PinnedColumn;
  /** All reference windows together, and by part of the window (by hour of the day). */
  pooled: ColumnTally;
  parts: ColumnTally[];
  /** Usual divergence of a window from the others, by phase of the day or week; `usual` where a phase has none of its own. */
  usual: number;
  usualOfPhase: Record<number, number>;
  /** Variance of the divergence from window to window, beyond what sampling makes. */
  variance: number;
  /** Largest divergence of a reference window from the others. */
  largest: number;
  /** What is usual in the whole window and in its segments, in the order of `segmentsOf`. */
  segments: UsualSegment[];
  /** Columns with the same number moved together in the reference. */
  group: number;
}

/** A model version's own reference: with a new version come new bounds, with a rollback the old ones. */
export interface Reference {
  /** Why there is none: it could not be read any more. Absent when there is one. */
  lost?: string;
  /** Checksum of the pinned bins: only tallies over the same bins may be added to these. */
  edges: string;
  rhythm: WindowRhythm;
  windows: { from: string; to: string; rows: number; partRows: number[] }[];
  columns: ColumnReference[];
  /** For each window the largest deviation of a column from its usual distance, judged by the other windows. */
  levels: number[];
}

/** What stands in for a reference that is gone: everything that is judged by it is `cannot-say`. */
export function lostReference(reason: string): Reference {
  return { lost: reason, edges: '', rhythm: rhythmOf(DAY_MS, 0, 1), windows: [], columns: [], levels: [] };
}

/** A reference and the bound of its alarms: solved once per reference and budget. */
export interface BoundedReference {
  reference: Reference;
  bound: AlarmBound;
}

/**
 * Solves the bound of a reference for a policy.
 * @param columns how many columns share the chance of a false alarm, where that is not the reference's own number
 */
export function boundedReference(reference: Reference, policy: MonitoringPolicy, columns: number = reference.columns.length): BoundedReference {
  return { reference, bound: alarmBoundOf(reference.levels, columns, reference.rhythm, policy) };
}

/** Below this distance no model notices: a population stability index of about 0.02, where 0.1 is usually called small. */
const SMALLEST_DIVERGENCE = 0.05 ** 2;
const WINDOWS_OF_A_PHASE = 3;
const DAY_MS = 86_400_000;

/**
 * Builds the reference of a model version from windows of its training rows. Each window is held against all others but its own
 * block, as a later window will be held against them all: its divergence less what is usual in its phase, in standard deviations
 * from window to window (what sampling adds for its rows included), and of the columns the largest. `alarmBoundOf` turns these levels into a bound.
 * Windows with too few rows are left out.
 */
export function referenceOf(columns: readonly PinnedColumn[], windows: readonly WindowProfile[], policy: Pick<MonitoringPolicy, 'minimumRows' | 'of' | 'alphaPerWindow'>): Reference {
  const used = windows.filter((window) => window.rows >= policy.minimumRows);
  const [first] = used;
  const windowMs = first ? Date.parse(first.to) - Date.parse(first.from) : DAY_MS;
  const rhythm = rhythmOf(windowMs, used.length, policy.of);
  const series = columns.map((column) => seriesOf(used, column.name, rhythm));
  const groups = relatedColumns(series.map(({ levels }) => levels));
  return {
    edges: digestOfPins(columns),
    rhythm,
    windows: used.map(({ from, to, rows, parts }) => ({ from, to, rows, partRows: parts.map((part) => part.rows) })),
    columns: columns.map((column, i) => ({ column, ...usualOf(series[i] ?? nothing), ...pooledOf(used, column.name), segments: usualSegments(column, used, policy.alphaPerWindow / Math.max(1, columns.length)), group: groups[i] ?? i })),
    levels: used.map((_, window) => Math.max(0, ...series.map(({ levels }) => levels[window] ?? 0))),
  };
}

/** Deviation of a window's divergence from what is usual, in standard deviations; 0 for what no model notices. */
export function levelOf(reference: Pick<ColumnReference, 'usual' | 'usualOfPhase' | 'variance'>, { beyondSampling, samplingDeviation }: Divergence, phase: number): number {
  if (!(beyondSampling > SMALLEST_DIVERGENCE)) return 0;
  return (beyondSampling - (reference.usualOfPhase[phase] ?? reference.usual)) / Math.sqrt(reference.variance + samplingDeviation ** 2);
}

/** The distance from which on a window like this is out of bounds. */
export function thresholdOf(reference: ColumnReference, bound: AlarmBound, { samplingDeviation }: Divergence, phase: number): number {
  const usual = reference.usualOfPhase[phase] ?? reference.usual;
  const beyond = usual + bound.level * Math.sqrt(reference.variance + samplingDeviation ** 2);
  return Number.isNaN(beyond) ? NaN : Math.sqrt(Math.max(SMALLEST_DIVERGENCE, beyond, bound.promised ? 0 : reference.largest));
}

export function phaseOfWindow({ rhythm }: Reference, { from }: Pick<WindowProfile, 'from'>): number {
  return phaseOf(rhythm, Date.parse(from));
}

interface Series {
  divergences: Divergence[];
  phases: number[];
  levels: number[];
}

const nothing: Series = { divergences: [], phases: [], levels: [] };

function seriesOf(windows: readonly WindowProfile[], column: string, rhythm: WindowRhythm): Series {
  const tallies = windows.flatMap((window) => window.columns[column] ?? []);
  if (tallies.length < windows.length || tallies.length < 2) return nothing;
  const folds = foldsOf(tallies.length, rhythm);
  const pooled = mergeTallies(tallies);
  const others = folds.map((members) => tallyWithout(pooled, mergeTallies(members.flatMap((i) => tallies[i] ?? []))));
  const foldOf = new Map(folds.flatMap((members, fold) => members.map((i) => [i, fold] as const)));
  const divergences = tallies.map((tally, i) => divergenceOf(tally, others[foldOf.get(i) ?? 0] ?? pooled));
  const phases = windows.map(({ from }) => phaseOf(rhythm, Date.parse(from)));
  const usual = folds.map((members) => {
    const rest = divergences.map((_, i) => i).filter((i) => !members.includes(i));
    return usualOf({ divergences: rest.flatMap((i) => divergences[i] ?? []), phases: rest.flatMap((i) => phases[i] ?? []), levels: [] });
  });
  const levels = divergences.map((divergence, i) => {
    const judge = usual[foldOf.get(i) ?? 0];
    const level = judge ? levelOf(judge, divergence, phases[i] ?? 0) : 0;
    return Number.isFinite(level) ? level : 0;
  });
  return { divergences, phases, levels };
}

/** Windows that are left out together, since neighbours resemble one another: a week where there are four, else a day. */
function foldsOf(windows: number, { blockWindows, dayWindows, periodMs }: WindowRhythm): number[][] {
  const size = periodMs > DAY_MS ? blockWindows : dayWindows;
  return Array.from({ length: Math.ceil(windows / size) }, (_, fold) => Array.from({ length: Math.min(size, windows - fold * size) }, (_unused, i) => fold * size + i));
}

function usualOf({ divergences, phases }: Series): Pick<ColumnReference, 'usual' | 'usualOfPhase' | 'variance' | 'largest'> {
  const values = divergences.map(({ beyondSampling }) => beyondSampling);
  const usual = meanOf(values);
  const byPhase = new Map<number, number[]>();
  values.forEach((value, i) => byPhase.set(phases[i] ?? 0, [...(byPhase.get(phases[i] ?? 0) ?? []), value]));
  const usualOfPhase = Object.fromEntries([...byPhase].flatMap(([phase, members]) => (members.length >= WINDOWS_OF_A_PHASE ? [[phase, meanOf(members)]] : [])));
  const residuals = values.map((value, i) => value - (usualOfPhase[phases[i] ?? 0] ?? usual));
  const sampling = meanOf(divergences.map(({ samplingDeviation }) => samplingDeviation ** 2));
  return { usual, usualOfPhase, variance: Math.max(0, varianceOf(residuals) - sampling), largest: Math.max(-Infinity, ...values) };
}

function pooledOf(windows: readonly WindowProfile[], column: string): Pick<ColumnReference, 'pooled' | 'parts'> {
  const parts = Math.max(0, ...windows.map((window) => window.parts.length));
  return {
    pooled: mergeTallies(windows.flatMap((window) => window.columns[column] ?? [])),
    parts: Array.from({ length: parts }, (_, part) => mergeTallies(windows.flatMap((window) => window.parts[part]?.columns[column] ?? []))),
  };
}

