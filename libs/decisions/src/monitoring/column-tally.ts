import { countFine, mergeFine, takeFine } from './fine-counts.js';
import type { ColumnTally, ColumnValue, FineCounts, PinnedColumn } from './window-profile.js';

/** Largest relative error of a size that is read back from its logarithmic bin. */
export const SIZE_ERROR = 0.01;
const LOG_GAMMA = Math.log((1 + SIZE_ERROR) / (1 - SIZE_ERROR));
/** Sizes with a bin of their own, relative to the usual size; what is smaller is zero. */
const SMALLEST = 1e-6;
const LARGEST = 1e12;
const KEY_OF_USUAL_SIZE = Math.ceil(-Math.log(SMALLEST) / LOG_GAMMA) + 1;

/** What is looked up for every value of a column. */
interface Lookup {
  edges: Float64Array;
  binOfCategory: ReadonlyMap<string, number>;
  placeInVocabulary: ReadonlyMap<string, number>;
  bins: number;
}

const lookups = new WeakMap<PinnedColumn, Lookup>();

/**
 * Counts values of one column as they come, in one integer per bin: tallies of any parts of a stream add up to the tally of the whole.
 * Numbers are counted twice: over the pinned edges, and by size over logarithmic bins that no unit can leave
 * (DDSketch: Masson, Rim, Lee, VLDB 2019; relative error at most 1 %).
 */
export class TallyCounter {
  private readonly lookup: Lookup;
  private counts: number[];
  private missing = 0;
  private infinite = 0;
  private unseen = 0;
  private only: number | string | null = null;
  private several = false;
  private fine: FineCounts = { from: 0, counts: [] };

  constructor(private readonly column: PinnedColumn) {
    this.lookup = lookupOf(column);
    this.counts = new Array<number>(this.lookup.bins).fill(0);
  }

  /** Null, what is not a number in a numeric column, and infinities are missing; infinities are counted once more as such. */
  add(value: ColumnValue): void {
    if (value === null) this.missing += 1;
    else if (this.column.kind === 'numeric') this.addNumber(Number(value), this.column.size);
    else this.addCategory(String(value));
  }

  /** What was counted since the last time. */
  take(): ColumnTally {
    const { counts, missing, infinite, unseen, several, fine } = this;
    const only = this.only === null ? null : String(this.only);
    this.counts = new Array<number>(this.lookup.bins).fill(0);
    this.fine = { from: 0, counts: [] };
    [this.missing, this.infinite, this.unseen, this.only, this.several] = [0, 0, 0, null, false];
    return { counts, missing, infinite, unseen, only, several, fine };
  }

  private addNumber(value: number, usualSize: number): void {
    if (!Number.isFinite(value)) {
      this.missing += 1;
      if (!Number.isNaN(value)) this.infinite += 1;
      return;
    }
    this.seen(value);
    const bin = binOf(value, this.lookup.edges);
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
    countFine(this.fine, keyOfSize(value, usualSize));
  }

  private addCategory(value: string): void {
    this.seen(value);
    const known = this.lookup.binOfCategory.get(value);
    if (known === undefined) this.unseen += 1;
    const bin = known ?? this.lookup.bins - 1;
    this.counts[bin] = (this.counts[bin] ?? 0) + 1;
    const place = this.lookup.placeInVocabulary.get(value);
    if (place !== undefined) countFine(this.fine, place);
  }

  private seen(value: number | string): void {
    if (this.several) return;
    if (this.only === null) this.only = value;
    else if (this.only !== value) [this.several, this.only] = [true, null];
  }
}

/** The tally of a list of values. */
export function tallyOf(column: PinnedColumn, values: Iterable<ColumnValue>): ColumnTally {
  const counter = new TallyCounter(column);
  for (const value of values) counter.add(value);
  return counter.take();
}

/** Several parts of one column counted together: the same integers in whatever order they are merged. */
export function mergeTallies(tallies: readonly ColumnTally[]): ColumnTally {
  const counts = new Array<number>(tallies[0]?.counts.length ?? 0).fill(0);
  const merged: ColumnTally = { counts, missing: 0, infinite: 0, unseen: 0, only: null, several: false, fine: mergeFine(tallies.map(({ fine }) => fine)) };
  for (const tally of tallies) {
    for (let bin = 0; bin < counts.length; bin += 1) counts[bin] = (counts[bin] ?? 0) + (tally.counts[bin] ?? 0);
    merged.missing += tally.missing;
    merged.infinite += tally.infinite;
    merged.unseen += tally.unseen;
    merged.several ||= tally.several || (tally.only !== null && merged.only !== null && tally.only !== merged.only);
    merged.only ??= tally.only;
  }
  return { ...merged, only: merged.several ? null : merged.only };
}

/** What is left of a whole when a part of it is taken out; of `only` and `several` nothing can be said. */
export function tallyWithout(whole: ColumnTally, part: ColumnTally): ColumnTally {
  return {
    ...whole,
    counts: whole.counts.map((count, bin) => count - (part.counts[bin] ?? 0)),
    missing: whole.missing - part.missing,
    infinite: whole.infinite - part.infinite,
    unseen: whole.unseen - part.unseen,
    fine: takeFine(whole.fine, part.fine),
  };
}

export function rowsOf({ counts, missing }: ColumnTally): number {
  let rows = missing;
  for (const count of counts) rows += count;
  return rows;
}

const PERCENTS = 100;

/**
 * Percentiles 0 to 100 of a numeric column (101 numbers) in units of its usual size, each within 1 % of an order statistic; empty
 * without a value.
 */
export function percentilesOf({ fine }: ColumnTally): number[] {
  let total = 0;
  for (const count of fine.counts) total += count;
  const percentiles: number[] = [];
  let below = 0;
  fine.counts.forEach((count, i) => {
    below += count;
    while (count > 0 && percentiles.length <= PERCENTS && (percentiles.length / PERCENTS) * (total - 1) < below) percentiles.push(sizeOfKey(fine.from + i));
  });
  return percentiles;
}

/** The pinned bin of a value; behind the others one for what is missing. */
export function binOfValue(column: PinnedColumn, value: ColumnValue): number {
  const { edges, binOfCategory, bins } = lookupOf(column);
  if (value === null) return bins;
  if (column.kind === 'category') return binOfCategory.get(String(value)) ?? bins - 1;
  const number = Number(value);
  return Number.isFinite(number) ? binOf(number, edges) : bins;
}

function lookupOf(column: PinnedColumn): Lookup {
  const known = lookups.get(column);
  if (known) return known;
  const categories = column.kind === 'category' ? column : { categories: [], known: [], vocabulary: [] };
  const places = [...categories.known.map((name) => [name, categories.categories.length] as const), ...categories.categories.map((name, bin) => [name, bin] as const)];
  const made: Lookup = {
    edges: Float64Array.from(column.kind === 'numeric' ? column.edges : []),
    binOfCategory: new Map(places),
    placeInVocabulary: new Map(categories.vocabulary.map((name, place) => [name, place])),
    bins: 1 + (column.kind === 'numeric' ? column.edges.length : column.categories.length),
  };
  lookups.set(column, made);
  return made;
}

function binOf(value: number, edges: Float64Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (edges[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Keys grow with the value: 0 for zero, negative ones for negative values. */
function keyOfSize(value: number, usualSize: number): number {
  const size = Math.abs(value) / usualSize;
  if (size < SMALLEST) return 0;
  const key = Math.ceil(Math.log(Math.min(size, LARGEST)) / LOG_GAMMA) + KEY_OF_USUAL_SIZE;
  return value < 0 ? -key : key;
}

/** The middle of a bin, relatively: no value of the bin is farther away than SIZE_ERROR. */
function sizeOfKey(key: number): number {
  return key === 0 ? 0 : Math.sign(key) * Math.exp((Math.abs(key) - KEY_OF_USUAL_SIZE) * LOG_GAMMA) * (1 - SIZE_ERROR);
}
