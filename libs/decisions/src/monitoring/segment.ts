import { mergeTallies } from './column-tally.js';
import type { ColumnTally, WindowProfile } from './window-profile.js';

/** A run of a window's parts, [first, end): the whole window, from some part to its end, or from its beginning to some part. */
export interface Segment {
  first: number;
  end: number;
}

/** The whole window first, then what is left of it from each part on (longest first), then what is before each part (longest first). */
export function segmentsOf(parts: number): Segment[] {
  const whole = { first: 0, end: Math.max(1, parts) };
  const starts = Array.from({ length: Math.max(0, parts - 1) }, (_, i) => i + 1);
  return [whole, ...starts.map((first) => ({ first, end: parts })), ...starts.toReversed().map((end) => ({ first: 0, end }))];
}

/** One column in every segment of a window, in the order of `segmentsOf`; the longer ones are made of the shorter ones. */
export function talliesOfSegments({ columns, parts }: Pick<WindowProfile, 'columns' | 'parts'>, column: string): ColumnTally[] {
  const whole = columns[column];
  if (!whole) return [];
  const tallies = parts.flatMap((part) => part.columns[column] ?? []);
  if (tallies.length < parts.length || parts.length === 0) return [whole];
  const fromStart = [...tallies.slice(0, -1)];
  const toEnd = [...tallies];
  for (let i = 1; i < fromStart.length; i += 1) fromStart[i] = mergeTallies([fromStart[i - 1] ?? whole, fromStart[i] ?? whole]);
  for (let i = toEnd.length - 2; i > 0; i -= 1) toEnd[i] = mergeTallies([toEnd[i] ?? whole, toEnd[i + 1] ?? whole]);
  return [whole, ...toEnd.slice(1), ...fromStart.toReversed()];
}

/** One column in a segment of a window. */
export function tallyOfSegment(window: Pick<WindowProfile, 'columns' | 'parts'>, column: string, segment: Segment): ColumnTally | undefined {
  if (isWhole(segment, window.parts.length)) return window.columns[column];
  const tallies = window.parts.slice(segment.first, segment.end).flatMap(({ columns }) => columns[column] ?? []);
  return tallies.length > 0 ? mergeTallies(tallies) : undefined;
}

export function rowsOfSegment({ rows, parts }: Pick<WindowProfile, 'rows' | 'parts'>, segment: Segment): number {
  return isWhole(segment, parts.length) ? rows : parts.slice(segment.first, segment.end).reduce((sum, part) => sum + part.rows, 0);
}

/** When part `index` of a window begins, ISO; its end for the number of parts. */
export function startOfPart({ from, to, parts }: Pick<WindowProfile, 'from' | 'to' | 'parts'>, index: number): string {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  return new Date(fromMs + ((toMs - fromMs) * index) / Math.max(1, parts.length)).toISOString();
}

export function isWhole({ first, end }: Segment, parts: number): boolean {
  return first === 0 && end === Math.max(1, parts);
}
