import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull, readable } from '../evaluation/finding.js';
import { chiSquareSurvival } from '../statistics/chi-square-distribution.js';

/** Rows and positive labels by bin of the predicted probability, over `SCORE_EDGES`. */
export interface LabelsByScore {
  rows: number[];
  positives: number[];
}

/** Probabilities between which bins lie, narrow at both ends: there flipped labels stand out. */
const SCORE_EDGES = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98];
const LEAST_ROWS = 10;
/** A share of flipped labels beyond which the world may as well be another. */
const LARGEST_SHARE = 0.25;
const SMALLEST_SHARE = 0.02;
/** Standard errors by which both ends must have moved towards the middle, and the share must lie above zero. */
const END_DEVIATIONS = 1.64;
const SHARE_DEVIATIONS = 3;
/** The flip must explain the bins: a worse fit than this probability is something else. */
const SMALLEST_FIT = 0.01;
/** And better than a world in which everything merely became less certain (difference of chi-squares). */
const BETTER_THAN_FLATTENING = 3;

export function labelsByScoreOf(rows: readonly { prediction: number; label: number }[]): LabelsByScore {
  const counted: LabelsByScore = { rows: new Array<number>(SCORE_EDGES.length + 1).fill(0), positives: new Array<number>(SCORE_EDGES.length + 1).fill(0) };
  for (const { prediction, label } of rows) {
    const bin = SCORE_EDGES.filter((edge) => prediction >= edge).length;
    counted.rows[bin] = (counted.rows[bin] ?? 0) + 1;
    counted.positives[bin] = (counted.positives[bin] ?? 0) + label;
  }
  return counted;
}

interface Bin {
  usual: number;
  seen: number;
  /** Variance of seen - usual. */
  variance: number;
}

/**
 * Whether a share e of the labels was flipped at random: then the share of positives in each bin of the prediction is e + (1 - 2e) times
 * the usual one, at both ends alike, whatever the inputs. A world that changed moves one end, or the middle as well: the flip has to fit
 * all bins (chi-square), and better than logits that shrink by one factor, which is how a concept that fades looks.
 * @param matured windows in question and usual windows, those without `byScore` left out
 * @returns null where there is no such sign or it cannot be said
 */
export function flippedLabelsOf(matured: readonly { byScore?: LabelsByScore; from: string }[], usual: readonly { byScore?: LabelsByScore }[]): Finding | null {
  const bins = binsOf(summed(matured), summed(usual));
  const low = bins.filter(({ usual: share }) => share < 0.25);
  const high = bins.filter(({ usual: share }) => share > 0.75);
  if (low.length === 0 || high.length === 0 || deviationOf(low) < END_DEVIATIONS || -deviationOf(high) < END_DEVIATIONS) return null;
  const weight = sumOf(bins, ({ usual: share, variance }) => (1 - 2 * share) ** 2 / variance);
  const share = sumOf(bins, ({ usual: p, seen, variance }) => ((seen - p) * (1 - 2 * p)) / variance) / weight;
  const misfit = sumOf(bins, ({ usual: p, seen, variance }) => (seen - p - share * (1 - 2 * p)) ** 2 / variance);
  const fit = bins.length > 1 ? chiSquareSurvival(misfit, bins.length - 1) : 0;
  if (share < SMALLEST_SHARE || share > LARGEST_SHARE || share * Math.sqrt(weight) < SHARE_DEVIATIONS || fit < SMALLEST_FIT) return null;
  if (flattenedMisfit(bins) - misfit < BETTER_THAN_FLATTENING) return null;
  const rows = summed(matured).rows.reduce((sum, count) => sum + count, 0);
  const detail = `${readable(100 * share)} % of the labels look flipped: at both ends of the prediction as many turned round, and nothing else moved`;
  return { check: 'labels-are-sound', passed: false, measured: finiteOrNull(share), bound: SMALLEST_SHARE, rows, blocks: matured.length, detail };
}

function summed(windows: readonly { byScore?: LabelsByScore }[]): LabelsByScore {
  const add = (of: (counted: LabelsByScore) => number[]): number[] =>
    Array.from({ length: SCORE_EDGES.length + 1 }, (_, bin) => windows.reduce((sum, { byScore }) => sum + (byScore ? (of(byScore)[bin] ?? 0) : 0), 0));
  return { rows: add(({ rows }) => rows), positives: add(({ positives }) => positives) };
}

/** Shares with half a row added on each side, so that an end without a positive has a variance. */
function binsOf(seen: LabelsByScore, usual: LabelsByScore): Bin[] {
  return seen.rows.flatMap((n, bin) => {
    const m = usual.rows[bin] ?? 0;
    if (n < LEAST_ROWS || m < LEAST_ROWS) return [];
    const p = ((usual.positives[bin] ?? 0) + 0.5) / (m + 1);
    const q = ((seen.positives[bin] ?? 0) + 0.5) / (n + 1);
    return [{ usual: p, seen: q, variance: (q * (1 - q)) / n + (p * (1 - p)) / m }];
  });
}

/** How far the bins lie above the usual together, in standard errors. */
function deviationOf(bins: readonly Bin[]): number {
  return sumOf(bins, ({ usual, seen, variance }) => (seen - usual) / variance) / Math.sqrt(sumOf(bins, ({ variance }) => 1 / variance));
}

const FACTORS = Array.from({ length: 60 }, (_, i) => 0.3 + i * 0.0125);

/** Chi-square of the best world in which every logit shrank by one factor about the middle of the usual labels. */
function flattenedMisfit(bins: readonly Bin[]): number {
  const logit = (p: number): number => Math.log(p / (1 - p));
  const centre = logit(sumOf(bins, ({ usual }) => usual) / bins.length);
  return Math.min(...FACTORS.map((factor) => sumOf(bins, ({ usual, seen, variance }) => (seen - 1 / (1 + Math.exp(-centre - factor * (logit(usual) - centre)))) ** 2 / variance)));
}

function sumOf(bins: readonly Bin[], term: (bin: Bin) => number): number {
  return bins.reduce((sum, bin) => sum + term(bin), 0);
}
