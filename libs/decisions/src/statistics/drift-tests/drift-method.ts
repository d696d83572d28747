import type { CategoryCounts, NumericSamples } from './column-samples.js';

export type ColumnKind = 'numeric' | 'categorical';

/** Why a method has no answer for a column. */
export interface NoAnswer {
  because: string;
}

/** A two-sample test or distance as Evidently registers it under its name. */
export interface DriftMethod {
  name: DriftMethodName;
  /** What Evidently prints. */
  label: string;
  score: 'p-value' | 'distance';
  threshold: number;
  /** Whether the column has drifted, by Evidently's own comparison of score and threshold. */
  finds(score: number, threshold: number): boolean;
  /** Absent where Evidently does not allow the method for numbers. */
  ofNumbers?(samples: NumericSamples): number | NoAnswer;
  /** Absent where Evidently does not allow the method for categories. */
  ofCategories?(counts: CategoryCounts): number | NoAnswer;
}

export type DriftMethodName =
  | 'ks' | 'wasserstein' | 'psi' | 'kl_div' | 'jensenshannon' | 'hellinger' | 'chisquare' | 'z' | 'anderson' | 'cramer_von_mises' | 'mannw'
  | 't_test' | 'ed' | 'es' | 'fisher_exact' | 'g_test';
