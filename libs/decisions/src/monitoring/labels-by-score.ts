import { binOfValue } from './column-tally.js';
import type { ColumnValue, PinnedColumn } from './window-profile.js';

/** Rows with a binary label by bin: how many, how many positive, and the sum of what was predicted. Windows add up. */
export interface LabelCounts {
  rows: number[];
  positives: number[];
  predicted: number[];
}

export interface LabelledRow {
  prediction: number;
  label: number;
  /** In the order of the pinned columns. */
  inputs?: readonly ColumnValue[];
}

/** Probabilities between which bins lie, narrow at both ends: there flipped labels stand out. */
const SCORE_EDGES = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98];
export const SCORE_BINS = SCORE_EDGES.length + 1;
const CUT = 0.5;

/** Labels by the predicted probability. */
export function labelsByScoreOf(rows: readonly LabelledRow[]): LabelCounts {
  const counts = emptyCounts(SCORE_BINS);
  for (const row of rows) count(counts, scoreBinOf(row.prediction), row);
  return counts;
}

/** Labels by the pinned bins of every input, those predicted negative and positive apart: bin b has the places 2 b and 2 b + 1. */
export function labelsByInputOf(pinned: readonly PinnedColumn[], rows: readonly LabelledRow[]): Record<string, LabelCounts> {
  const counts = pinned.map((column) => emptyCounts(2 * (2 + (column.kind === 'numeric' ? column.edges.length : column.categories.length))));
  for (const row of rows)
    pinned.forEach((column, i) => {
      const own = counts[i];
      if (own) count(own, 2 * binOfValue(column, row.inputs?.[i] ?? null) + (row.prediction >= CUT ? 1 : 0), row);
    });
  return Object.fromEntries(pinned.flatMap(({ name }, i) => (counts[i] ? [[name, counts[i]]] : [])));
}

export function addLabelCounts(parts: readonly LabelCounts[]): LabelCounts {
  const sum = emptyCounts(Math.max(0, ...parts.map(({ rows }) => rows.length)));
  for (const part of parts)
    for (const key of ['rows', 'positives', 'predicted'] as const) part[key].forEach((value, bin) => (sum[key][bin] = (sum[key][bin] ?? 0) + value));
  return sum;
}

function scoreBinOf(prediction: number): number {
  let bin = 0;
  while (prediction >= (SCORE_EDGES[bin] ?? Infinity)) bin += 1;
  return bin;
}

function emptyCounts(bins: number): LabelCounts {
  const zeros = (): number[] => new Array<number>(bins).fill(0);
  return { rows: zeros(), positives: zeros(), predicted: zeros() };
}

function count(counts: LabelCounts, bin: number, { prediction, label }: LabelledRow): void {
  counts.rows[bin] = (counts.rows[bin] ?? 0) + 1;
  counts.positives[bin] = (counts.positives[bin] ?? 0) + label;
  counts.predicted[bin] = (counts.predicted[bin] ?? 0) + prediction;
}
