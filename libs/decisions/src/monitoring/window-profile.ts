/** Bins of one column, pinned by the reference, so that histograms of any windows can be compared and added. */
export type PinnedColumn =
  /** Bin i holds edges[i-1] <= x < edges[i]; the outer ones are open. `size` is the usual size of a value, to which logarithmic bins are relative. */
  | { name: string; kind: 'numeric'; edges: number[]; size: number }
  /**
   * One bin per category and one for all others; `known` are all categories that the reference had (as far as kept), `vocabulary`
   * those that are counted by name, the same for all columns of a reference.
   */
  | { name: string; kind: 'category'; categories: string[]; known: string[]; vocabulary: string[] };

/** One column in one stretch of time, counted in integers: parts add up to the whole. Made by `TallyCounter`. */
export interface ColumnTally {
  /** Rows per pinned bin. */
  counts: number[];
  /** Rows without a value: null, not a number, infinite. */
  missing: number;
  /** Rows with an infinite number, counted as missing as well. */
  infinite: number;
  /** Rows whose category the reference never had. */
  unseen: number;
  /** The value, as text, when all rows with a value have the same; null when there is none or more than one. */
  only: string | null;
  /** Whether there are at least two values. */
  several: boolean;
  /** Finer than the bins: numbers by logarithmic size, categories by their place in the vocabulary. */
  fine: FineCounts;
}

/** Rows by a whole number: `counts[i]` of them have the key `from + i`. */
export interface FineCounts {
  from: number;
  counts: number[];
}

/** A part of a window: the hours of a day. */
export interface WindowPart {
  rows: number;
  columns: Record<string, ColumnTally>;
}

/** Every watched column in one window of event time, [from, to). */
export interface WindowProfile {
  from: string;
  to: string;
  rows: number;
  /** Rows whose key and event time another row of the window has as well. */
  repeated: number;
  /** Rows of an earlier window, closed without them, that came since; absent when none did. */
  late?: { rows: number; of: string };
  /** Records to predict that were refused for their shape since the window before, and what was wrong with one; absent when none was. */
  refused?: { records: number; example: string };
  columns: Record<string, ColumnTally>;
  /** The window in parts of equal length, oldest first; they add up to it. Empty when it was not divided. */
  parts: WindowPart[];
}

export type ColumnValue = number | bigint | boolean | string | null;
