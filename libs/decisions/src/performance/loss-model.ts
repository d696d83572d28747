import { quantilesOf } from '../statistics/quantiles.js';

/** A model of a model's losses: boosted regression trees over features and prediction. Missing values are NaN and go left. */
export interface LossModel {
  base: number;
  trees: LossTree[];
}

type LossTree = { value: number } | { feature: number; atMost: number; left: LossTree; right: LossTree };

const TREES = 60;
const DEPTH = 3;
const LEARNING_RATE = 0.1;
const LEAST_ROWS = 20;
const CUTS = 24;

/**
 * Fits the loss of each row by its inputs, least squares: the second model of direct loss estimation (DLE, NannyML, which
 * takes LightGBM there). Deterministic: no sampling.
 * @param inputs one column of numbers per input, the monitored model's prediction among them
 */
export function lossModelOf(inputs: readonly (readonly number[])[], losses: readonly number[]): LossModel {
  const cuts = inputs.map((column) => cutsOf(column));
  const base = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const rest = Float64Array.from(losses, (loss) => loss - base);
  const rows = Uint32Array.from(losses.keys());
  const trees: LossTree[] = [];
  for (let i = 0; i < TREES; i += 1) {
    const tree = grow(rows, { inputs, cuts, rest }, DEPTH);
    trees.push(tree);
    for (const row of rows) rest[row] = (rest[row] ?? 0) - valueAt(tree, inputs, row);
  }
  return { base, trees };
}

/** Losses that are expected of rows; the mean is the estimate of the metric (of the root for a root). */
export function expectedLossesOf({ base, trees }: LossModel, inputs: readonly (readonly number[])[]): number[] {
  const rows = inputs[0]?.length ?? 0;
  return Array.from({ length: rows }, (_, row) => trees.reduce((sum, tree) => sum + valueAt(tree, inputs, row), base));
}

interface Growing {
  inputs: readonly (readonly number[])[];
  cuts: readonly (readonly number[])[];
  rest: Float64Array;
}

function grow(rows: Uint32Array, growing: Growing, depth: number): LossTree {
  const sum = rows.reduce((total, row) => total + (growing.rest[row] ?? 0), 0);
  const leaf = { value: (LEARNING_RATE * sum) / Math.max(1, rows.length) };
  const split = depth === 0 || rows.length < 2 * LEAST_ROWS ? null : bestSplit(rows, sum, growing);
  if (!split) return leaf;
  const column = growing.inputs[split.feature] ?? [];
  const isLeft = (row: number): boolean => !((column[row] ?? NaN) > split.atMost);
  return { ...split, left: grow(rows.filter(isLeft), growing, depth - 1), right: grow(rows.filter((row) => !isLeft(row)), growing, depth - 1) };
}

/** The cut that takes most of the squares away, by sums over the bins between the cuts; null when none helps. */
function bestSplit(rows: Uint32Array, total: number, { inputs, cuts, rest }: Growing): { feature: number; atMost: number } | null {
  let best: { feature: number; atMost: number } | null = null;
  let bestGain = 1e-12 + total ** 2 / rows.length;
  inputs.forEach((column, feature) => {
    const edges = cuts[feature] ?? [];
    const sums = new Float64Array(edges.length + 1);
    const counts = new Uint32Array(edges.length + 1);
    for (const row of rows) {
      const bin = binOf(column[row] ?? NaN, edges);
      sums[bin] = (sums[bin] ?? 0) + (rest[row] ?? 0);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    let [sum, count] = [0, 0];
    edges.forEach((edge, bin) => {
      sum += sums[bin] ?? 0;
      count += counts[bin] ?? 0;
      if (count < LEAST_ROWS || rows.length - count < LEAST_ROWS) return;
      const gain = sum ** 2 / count + (total - sum) ** 2 / (rows.length - count);
      if (gain <= bestGain) return;
      bestGain = gain;
      best = { feature, atMost: edge };
    });
  });
  return best;
}

/** Number of edges below the value; missing values are in the first bin. */
function binOf(value: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > (edges[middle] ?? Infinity)) low = middle + 1;
    else high = middle;
  }
  return Number.isNaN(value) ? 0 : low;
}

function cutsOf(column: readonly number[]): number[] {
  const shares = Array.from({ length: CUTS }, (_, i) => (i + 1) / (CUTS + 1));
  const known = column.filter(Number.isFinite);
  return known.length === 0 ? [] : [...new Set(quantilesOf(known, shares))];
}

function valueAt(tree: LossTree, inputs: readonly (readonly number[])[], row: number): number {
  let at = tree;
  while ('feature' in at) at = (inputs[at.feature]?.[row] ?? NaN) > at.atMost ? at.right : at.left;
  return at.value;
}
