import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull } from '../evaluation/finding.js';
import { upperBoundOfNext } from '../monitoring/bound-of-next.js';

/** What is watched besides distances and losses: one number per window. */
export interface Measure {
  /** Such as `latency-p99-ms` or `share-reproduced`. */
  name: string;
  kind: MeasureKind;
  /** Which way is bad. */
  bad: 'higher' | 'lower' | 'both';
  /** Null where the window does not tell. */
  value: number | null;
  rows: number;
  /** What the pipeline file allows at most (at least, where lower is bad); null: only what is usual counts. */
  limit: number | null;
}

export type MeasureKind = 'serving' | 'data-quality' | 'business' | 'calibration' | 'concept';

export interface MeasureVerdict {
  verdict: 'in-bounds' | 'out-of-bounds' | 'cannot-say';
  finding: Finding;
}

export interface MeasurePolicy {
  /** Chance of a usual window out of bounds, for this measure. */
  alpha: number;
  minimumRows: number;
  minimumReferenceWindows: number;
}

/** Measures that hardly vary would alarm at nothing: differences below this part of their size are none. */
const SMALLEST_RELATIVE_DEVIATION = 0.02;
/** What lasts so many windows becomes the usual: a measure is held against the windows before these. Limits stay. */
const WINDOWS_TO_SETTLE = 7;
const USUAL_WINDOWS = 28;
/** Windows that are worth remembering of a measure. */
export const MEASURE_WINDOWS = WINDOWS_TO_SETTLE + USUAL_WINDOWS;

/**
 * Judges a measure of one window: beyond its limit it is out of bounds; else it is held against its own windows one to five weeks (of
 * seven windows) before, by the bound that one more of them would exceed with probability alpha. What cannot be negative and is bad
 * when it grows (latencies, shares, ages) has long tails, so that its logarithm is taken. Without a limit and without usual windows: `cannot-say`.
 * @param before values of the windows before, oldest first; bad windows among them, since leaving these out would make the bound too narrow
 */
export function judgeMeasure({ name, bad, value, rows, limit }: Measure, before: readonly number[], policy: MeasurePolicy): MeasureVerdict {
  const check = `measure-${name}`;
  if (value === null || !Number.isFinite(value) || rows < policy.minimumRows)
    return { verdict: 'cannot-say', finding: { check, passed: false, measured: finiteOrNull(value ?? NaN), bound: limit, rows, detail: rows < policy.minimumRows ? 'Too few rows to judge by' : 'It was not told for this window' } };
  if (limit !== null && (bad === 'lower' ? value < limit : value > limit))
    return { verdict: 'out-of-bounds', finding: { check, passed: false, measured: value, bound: limit, rows, detail: 'Beyond the limit of the pipeline file' } };
  const usual = before.filter(Number.isFinite).slice(0, -WINDOWS_TO_SETTLE).slice(-USUAL_WINDOWS);
  const bounds = boundsOf(usual, bad, 1 / rows, policy);
  if (!bounds) return limit === null ? { verdict: 'cannot-say', finding: { check, passed: false, measured: value, bound: null, rows, detail: `${usual.length} usual windows say too little of what is usual` } } : { verdict: 'in-bounds', finding: { check, passed: true, measured: value, bound: limit, rows } };
  const passed = value >= bounds.lower && value <= bounds.upper;
  const bound = value < bounds.lower || (passed && bad === 'lower') ? bounds.lower : bounds.upper;
  return { verdict: passed ? 'in-bounds' : 'out-of-bounds', finding: { check, passed, measured: value, bound: finiteOrNull(bound), blocks: usual.length, rows } };
}

/** @param one what one row makes of a share: no logarithm sees less */
function boundsOf(usual: readonly number[], bad: Measure['bad'], one: number, { alpha, minimumReferenceWindows }: MeasurePolicy): { lower: number; upper: number } | null {
  if (usual.length < Math.max(2, minimumReferenceWindows)) return null;
  if (bad === 'higher' && usual.every((value) => value >= 0)) {
    const logs = usual.map((value) => Math.log(value + one));
    return { lower: -Infinity, upper: Math.exp(upperBoundOfNext(logs, alpha, { smallestDeviation: SMALLEST_RELATIVE_DEVIATION })) - one };
  }
  const size = usual.reduce((sum, value) => sum + Math.abs(value), 0) / usual.length;
  const share = bad === 'both' ? alpha / 2 : alpha;
  const options = { smallestDeviation: SMALLEST_RELATIVE_DEVIATION * size };
  return {
    lower: bad === 'higher' ? -Infinity : -upperBoundOfNext(usual.map((value) => -value), share, options),
    upper: bad === 'lower' ? Infinity : upperBoundOfNext(usual, share, options),
  };
}
