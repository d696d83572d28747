import type { CategoryCounts, NumericSamples } from './column-samples.js';
import { countsOfSamples, distinctOf, totalOf } from './column-samples.js';
import type { DriftMethod, DriftMethodName } from './drift-method.js';
import { evidentlyMethodOf } from './evidently-methods.js';

const MANY_ROWS = 1000;
const FEW_VALUES = 5;

/** A column with its missing and infinite values left out, as Evidently leaves them out. */
export type ComparedColumn = { kind: 'numeric'; samples: NumericSamples } | { kind: 'categorical'; counts: CategoryCounts };

export interface EvidentlyJudgement {
  method: DriftMethod;
  threshold: number;
  /** NaN where Evidently's own number is not a number. */
  score: number;
  drifted: boolean;
}

export interface EvidentlyOptions {
  method?: DriftMethodName;
  threshold?: number;
}

/**
 * Judges a column as Evidently 0.7.23 does: its default method by type, number of distinct values and reference rows, its score, threshold
 * and comparison.
 * @returns why there is no number, where Evidently raises an error
 */
export function judgeLikeEvidently(column: ComparedColumn, options: EvidentlyOptions = {}): EvidentlyJudgement | { because: string; method?: DriftMethod } {
  const [m, n] = rowsOf(column);
  if (m === 0 || n === 0) return { because: `no value on the ${m === 0 ? 'reference' : 'current'} side` };
  const method = options.method === undefined ? defaultMethodOf(column, m) : evidentlyMethodOf(options.method);
  const score = scoreOf(method, column, options.method === undefined);
  if (typeof score !== 'number') return { ...score, method };
  const threshold = options.threshold ?? method.threshold;
  return { method, threshold, score, drifted: method.finds(score, threshold) };
}

function defaultMethodOf(column: ComparedColumn, referenceRows: number): DriftMethod {
  const distinct = column.kind === 'numeric' ? distinctOf(column.samples, FEW_VALUES + 1) : column.counts.reference.length;
  const continuous = column.kind === 'numeric' && distinct > FEW_VALUES;
  if (referenceRows > MANY_ROWS) return evidentlyMethodOf(continuous ? 'wasserstein' : 'jensenshannon');
  return evidentlyMethodOf(continuous ? 'ks' : distinct > 2 ? 'chisquare' : 'z');
}

/** Evidently takes its default for few distinct numbers from the tests for categories; one that is asked for must be allowed for the type. */
function scoreOf(method: DriftMethod, column: ComparedColumn, isDefault: boolean): number | { because: string } {
  if (column.kind === 'categorical') return method.ofCategories?.(column.counts) ?? { because: `${method.name} is not a method for categories` };
  if (method.ofNumbers !== undefined) return method.ofNumbers(column.samples);
  if (isDefault && method.ofCategories !== undefined) return method.ofCategories(countsOfSamples(column.samples));
  return { because: `${method.name} is not a method for numbers` };
}

function rowsOf(column: ComparedColumn): [number, number] {
  if (column.kind === 'numeric') return [column.samples.reference.length, column.samples.current.length];
  return [totalOf(column.counts.reference), totalOf(column.counts.current)];
}
