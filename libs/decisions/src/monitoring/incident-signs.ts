import { readable } from '../evaluation/finding.js';
import type { AlarmBound } from './alarm-bound.js';
import { distanceOf, divergenceOf } from './column-distance.js';
import { mergeTallies, percentilesOf } from './column-tally.js';
import { signOf } from './incident-sign.js';
import type { IncidentSign, Sign, WindowBefore } from './incident-sign.js';
import type { MonitoringPolicy } from './monitoring-policy.js';
import { phaseOfWindow, thresholdOf } from './reference-of.js';
import type { BoundedReference, ColumnReference } from './reference-of.js';
import { isWhole, rowsOfSegment, segmentsOf, startOfPart, talliesOfSegments, tallyOfSegment } from './segment.js';
import type { Segment } from './segment.js';
import { sourceSigns } from './source-signs.js';
import { swappedColumns } from './swapped-columns.js';
import { unitJumpOf } from './unit-jump.js';
import type { UsualSegment } from './usual-segments.js';
import type { ColumnTally, WindowProfile } from './window-profile.js';

/**
 * Signs of broken data in one window, compared with the windows of the reference. A window is looked at as a whole, from each of its
 * parts on and up to each of its parts: what breaks at noon is seen at the end of the day, with the part in which it began.
 * @param recent windows judged before this one, oldest first
 */
export function incidentSignsOf(window: WindowProfile, { reference, bound }: BoundedReference, recent: readonly WindowBefore[], policy: Pick<MonitoringPolicy, 'minimumRows' | 'minimumReferenceWindows'>): IncidentSign[] {
  if (reference.windows.length < policy.minimumReferenceWindows) return [];
  const ofSource = sourceSigns(window, reference, recent, policy);
  if (window.rows < policy.minimumRows) return ofSource;
  const segments = segmentsOf(reference.columns[0]?.parts.length === window.parts.length ? window.parts.length : 0);
  const judged = reference.columns.map((column) => ({ column, signs: columnSigns(column, window, segments, { bound, phase: phaseOfWindow(reference, window), minimumRows: policy.minimumRows }) }));
  const swapped = swappedColumns(window, reference.columns.filter((column) => isOutOfBounds(column, window, bound, phaseOfWindow(reference, window))));
  const ofColumns = judged.flatMap(({ column, signs }) => (swapped.some((sign) => sign.column === column.column.name) ? [] : signs));
  return [...ofSource, ...swapped, ...ofColumns];
}

interface Context {
  bound: AlarmBound;
  phase: number;
  minimumRows: number;
}

/** The signs of the longest segment that shows any; a unit jump of the longest one that it explains best. */
function columnSigns(reference: ColumnReference, window: WindowProfile, segments: readonly Segment[], context: Context): IncidentSign[] {
  let jump: IncidentSign | null = null;
  const tallies = talliesOfSegments(window, reference.column.name);
  for (const [index, segment] of segments.entries()) {
    const usual = reference.segments[index];
    const tally = tallies[index];
    const rows = rowsOfSegment(window, segment);
    if (!usual || !tally || rows < context.minimumRows) continue;
    const view = { reference, usual, segment, tally, rows, context };
    const signs = signsOf(view);
    const seen = signs.length > 0 ? null : unitJumpSign(view);
    if ((signs.length === 0 && !seen) || !restIsUsual(reference, window, segment, context)) continue;
    if (signs.length > 0) return signs.map((sign) => ({ ...sign, ...spanOf(window, segment) }));
    if (seen?.restored) return [{ ...seen.sign, ...spanOf(window, segment) }];
    if (seen) jump ??= { ...seen.sign, ...spanOf(window, segment) };
  }
  return jump ? [jump] : [];
}

/**
 * What broke at noon was usual before: where the rest of the window is out of bounds too, the world moved. The part in which it broke
 * is neither. True for the whole window, which leaves no rest.
 */
function restIsUsual(reference: ColumnReference, window: WindowProfile, segment: Segment, { bound, phase, minimumRows }: Context): boolean {
  const parts = window.parts.length;
  if (isWhole(segment, parts)) return true;
  const rest = segment.first > 0 ? { first: 0, end: segment.first - 1 } : { first: segment.end + 1, end: parts };
  if (rest.end <= rest.first || rowsOfSegment(window, rest) < minimumRows) return false;
  const tally = tallyOfSegment(window, reference.column.name, rest);
  if (!tally) return false;
  const divergence = divergenceOf(tally, pooledOf(reference, rest));
  return distanceOf(divergence) <= thresholdOf(reference, bound, divergence, phase);
}

interface SegmentView {
  reference: ColumnReference;
  usual: UsualSegment;
  segment: Segment;
  tally: ColumnTally;
  rows: number;
  context: Context;
}

function signsOf(view: SegmentView): Sign[] {
  const { reference, usual, tally, rows } = view;
  const column = reference.column.name;
  const missing = tally.missing / rows;
  const unseen = tally.unseen / rows;
  const signs: Sign[] = [];
  if (missing > usual.missingBound)
    signs.push(signOf('burst-of-nulls', column, missing, usual.missingBound, rows, `${readable(100 * missing)} % of ${column} is missing${tally.infinite > 0 ? ` (${tally.infinite} infinite numbers)` : ''}`));
  if (unseen > usual.unseenBound)
    signs.push(signOf('burst-of-new-categories', column, unseen, usual.unseenBound, rows, `${readable(100 * unseen)} % of ${column} was never seen before`));
  if (usual.varies && tally.only !== null)
    signs.push(signOf('constant-column', column, 1, 2, rows, `${column} has one value, ${tally.only}`));
  return signs;
}

/** `restored`: divided by the factor it lies as near to the reference as windows usually do. */
function unitJumpSign({ reference, usual, segment, tally, rows, context }: SegmentView): { sign: Sign; restored: boolean } | null {
  if (usual.shapeThreshold === null) return null;
  const pooled = pooledOf(reference, segment);
  const divergence = divergenceOf(tally, pooled);
  if (!(distanceOf(divergence) > thresholdOf(reference, context.bound, divergence, context.phase))) return null;
  const jump = unitJumpOf(percentilesOf(pooled), percentilesOf(tally), usual.shapeThreshold, reference.segments[0]?.shapeThreshold ?? usual.shapeThreshold);
  if (!jump) return null;
  const column = reference.column.name;
  const detail =
    `${column} is ${readable(jump.factor)} times what it was; divided by that it lies ${readable(jump.after)} of its usual size from the reference ` +
    `instead of ${readable(jump.before)} (usual: up to ${readable(usual.shapeThreshold)})`;
  return { sign: { ...signOf('unit-jump', column, jump.factor, 1, rows, detail), factor: jump.factor }, restored: jump.after <= usual.shapeThreshold };
}

function isOutOfBounds(reference: ColumnReference, window: WindowProfile, bound: AlarmBound, phase: number): boolean {
  const tally = window.columns[reference.column.name];
  if (!tally) return false;
  const divergence = divergenceOf(tally, reference.pooled);
  return distanceOf(divergence) > thresholdOf(reference, bound, divergence, phase);
}

function pooledOf(reference: ColumnReference, segment: Segment): ColumnTally {
  return isWhole(segment, reference.parts.length) ? reference.pooled : mergeTallies(reference.parts.slice(segment.first, segment.end));
}

/** What is seen from part p on may have begun within the part before it. */
function spanOf(window: WindowProfile, { first, end }: Segment): { began: string; ended: string } {
  return { began: startOfPart(window, Math.max(0, first - 1)), ended: startOfPart(window, end) };
}
