import type { ColumnKind } from '@millrace/decisions';
import type { Side } from './compared-files.js';

/** What a comparison says of one column; `--json` prints it as it is. */
export interface ColumnVerdict {
  column: string;
  /** How the column was compared; null when it was not. */
  type: ColumnKind | null;
  /** `beyond-chance`, or with `--like evidently` the name that Evidently gives the method. */
  method: string | null;
  /** Whether `score` is a probability under no change (small means drift) or a distance (large means drift). */
  scoreKind: 'p-value' | 'distance' | null;
  score: number | null;
  threshold: number | null;
  verdict: 'drift' | 'no-drift' | 'cannot-say';
  /** Why nothing can be said, or why a score above its threshold is no drift; else null. */
  reason: string | null;
  /** Share of rows that lie in other bins than by the reference, beyond chance; null with `--like evidently`. */
  effect: number | null;
  /** Rows with a value. */
  n: Record<Side, number>;
  missing: Record<Side, number>;
  infinite: Record<Side, number>;
}

export interface DriftReport {
  reference: { path: string; rows: number };
  current: { path: string; rows: number };
  like: 'evidently' | null;
  columns: ColumnVerdict[];
  drifted: number;
  cannotSay: number;
  /** Of the columns with a verdict, the share that drifted; null when no column has one. */
  driftedShare: number | null;
}

export function cannotSay(column: string, reason: string, known: Partial<ColumnVerdict> = {}): ColumnVerdict {
  return { column, type: null, method: null, scoreKind: null, score: null, threshold: null, effect: null, n: zero(), missing: zero(), infinite: zero(), ...known, verdict: 'cannot-say', reason };
}

function zero(): Record<Side, number> {
  return { reference: 0, current: 0 };
}
