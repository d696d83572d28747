import { TallyCounter, mergeTallies } from './column-tally.js';
import type { ColumnTally, ColumnValue, PinnedColumn, WindowPart, WindowProfile } from './window-profile.js';

/** Parts of a window: hours 0, 3, 6 ... of a day. */
const PARTS = 8;

/**
 * Counts the rows of one window of event time, [fromMs, toMs), as they come, in eighths that add up to it: memory does not grow with
 * the rows. What several counters saw of one window adds up by `mergeProfiles`.
 */
export class WindowCounter {
  private readonly counters: TallyCounter[][];
  private readonly rows = new Array<number>(PARTS).fill(0);

  constructor(
    private readonly window: { fromMs: number; toMs: number },
    private readonly pinned: readonly PinnedColumn[],
  ) {
    this.counters = this.rows.map(() => pinned.map((column) => new TallyCounter(column)));
  }

  /** @param values in the order of the pinned columns */
  add(timeMs: number, values: readonly ColumnValue[]): void {
    const { fromMs, toMs } = this.window;
    const part = Math.min(PARTS - 1, Math.max(0, Math.floor(((timeMs - fromMs) / (toMs - fromMs)) * PARTS)));
    this.rows[part] = (this.rows[part] ?? 0) + 1;
    const counters = this.counters[part] ?? [];
    for (let column = 0; column < counters.length; column += 1) counters[column]?.add(values[column] ?? null);
  }

  /** What was counted. @param repeated rows whose key and event time another row has as well */
  profile(repeated: number): WindowProfile {
    const parts = this.counters.map((counters, part): WindowPart => ({ rows: this.rows[part] ?? 0, columns: named(this.pinned, counters.map((counter) => counter.take())) }));
    const { fromMs, toMs } = this.window;
    return wholeOf({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), repeated, parts }, this.pinned.map(({ name }) => name));
  }
}

/** Rows of a window: their event times and, by column, their values, in the same order. */
export interface ProfiledRows {
  timesMs: readonly number[];
  columns: Readonly<Record<string, readonly ColumnValue[]>>;
  /** Rows whose key and event time another row has as well. */
  repeated: number;
}

/** The profile of rows at hand. A column without values is left out. */
export function profileOf(window: { fromMs: number; toMs: number }, pinned: readonly PinnedColumn[], rows: ProfiledRows): WindowProfile {
  const present = pinned.filter(({ name }) => rows.columns[name]);
  const counter = new WindowCounter(window, present);
  const values = present.map(({ name }) => rows.columns[name] ?? []);
  rows.timesMs.forEach((time, row) => counter.add(time, values.map((column) => column[row] ?? null)));
  return counter.profile(rows.repeated);
}

/** One window counted by several: partitions, replicas. The same integers in whatever order they are merged. */
export function mergeProfiles(profiles: readonly [WindowProfile, ...WindowProfile[]]): WindowProfile {
  const [{ from, to, parts, columns }] = profiles;
  const names = Object.keys(columns);
  const merged = parts.map((_, part): WindowPart => {
    const those = profiles.flatMap((profile) => profile.parts[part] ?? []);
    return { rows: those.reduce((sum, { rows }) => sum + rows, 0), columns: Object.fromEntries(names.map((name) => [name, mergeTallies(those.flatMap((each) => each.columns[name] ?? []))])) };
  });
  return wholeOf({ from, to, repeated: profiles.reduce((sum, profile) => sum + profile.repeated, 0), parts: merged }, names);
}

function wholeOf(profile: Omit<WindowProfile, 'rows' | 'columns'>, names: readonly string[]): WindowProfile {
  const columns = names.map((name) => [name, mergeTallies(profile.parts.flatMap(({ columns: ofPart }) => ofPart[name] ?? []))] as const);
  return { ...profile, rows: profile.parts.reduce((sum, { rows }) => sum + rows, 0), columns: Object.fromEntries(columns) };
}

function named(pinned: readonly PinnedColumn[], tallies: readonly ColumnTally[]): Record<string, ColumnTally> {
  return Object.fromEntries(pinned.flatMap(({ name }, i) => (tallies[i] ? [[name, tallies[i]]] : [])));
}
