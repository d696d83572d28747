import type { Finding } from '../evaluation/finding.js';
import { finiteOrNull, readable } from '../evaluation/finding.js';
import { chiSquareSurvival } from '../statistics/chi-square-distribution.js';
import { SCORE_BINS, addLabelCounts } from './labels-by-score.js';
import type { LabelCounts } from './labels-by-score.js';

/** A window of matured labels. */
export interface LabelWindow {
  from: string;
  /** Absent where labels are not binary. */
  byScore?: LabelCounts;
  /** Absent where inputs were not counted. */
  byInput?: Record<string, LabelCounts>;
}

/** `flipped`: nothing else explains the labels. `sound`: something else explains them better. */
export interface LabelsVerdict {
  verdict: 'flipped' | 'sound' | 'cannot-say';
  /** Of the first window that is meant. */
  from: string;
  finding: Finding;
}

/** Labels are looked at over so many of the newest windows: a few in a hundred flipped do not show in one. */
const MOST_WINDOWS = 7;
const FEWEST_WINDOWS = 3;
const LEAST_ROWS = 20;
/** A share of flipped labels beyond which the world may as well be another, and one that nobody needs to hold for. */
const LARGEST_SHARE = 0.25;
const SMALLEST_SHARE = 0.02;
/** Standard errors by which the share must lie above zero, and both ends must have moved towards the middle. */
const SHARE_DEVIATIONS = 3;
const END_DEVIATIONS = 1.64;
/** A flip must explain all bins of the prediction, all windows and all bins of every input: a worse fit than this probability is something else. */
const SMALLEST_FIT = 0.01;
/** By so much one of a flip and a world that became less certain has to explain the predictions better (difference of chi-squares). */
const BETTER_BY = 6;
/** No model is calibrated better than that: differences of shares below it are none, however many the rows. */
const CALIBRATION_ERROR = 0.005;

/** Rows of which a share of positives was expected and another one seen. */
interface Cell {
  usual: number;
  seen: number;
  /** Variance of seen - usual. */
  variance: number;
}

/**
 * Whether a share e of the labels was flipped at random, which no model must learn. Then in whatever rows the share of positives is
 * e + (1 - 2e) times the usual one: by prediction, at both ends alike; by window, since it began; and by input, since a flip asks for
 * none. A world that changed depends on its inputs or on the time, and is refuted by one of these; one that merely became less
 * certain is not, so that a flip has to explain the predictions better than logits of another slope and level. Where that cannot be told, nothing is said.
 * @param matured windows in question, oldest first
 * @param usual windows of the reference
 */
export function judgeLabels(matured: readonly LabelWindow[], usual: readonly LabelWindow[]): LabelsVerdict | null {
  const reference = usual.flatMap(({ byScore }) => byScore ?? []);
  const newest = matured.slice(-MOST_WINDOWS).filter(({ byScore, byInput }) => byScore && byInput);
  const known = addLabelCounts(reference);
  const since = newest.map((_, start) => newest.slice(start)).filter(({ length }) => length >= FEWEST_WINDOWS);
  const [windows] = since.toSorted((a, b) => shareOf(cellsByScore(b, known)).deviations - shareOf(cellsByScore(a, known)).deviations);
  if (!windows || reference.length === 0) return null;
  const cells = cellsByScore(windows, known);
  const { share, deviations } = shareOf(cells);
  const verdict = verdictOf(windows, known, cells);
  const rows = windows.reduce((sum, { byScore }) => sum + (byScore?.rows.reduce((a, b) => a + b, 0) ?? 0), 0);
  const finding = { check: 'labels-are-sound', passed: verdict.verdict === 'sound', measured: finiteOrNull(share), bound: SMALLEST_SHARE, rows, blocks: windows.length };
  const detail = `${readable(100 * share)} % of the labels (${readable(deviations)} standard errors) would have to be flipped: ${verdict.because}`;
  return { verdict: verdict.verdict, from: windows[0]?.from ?? '', finding: { ...finding, detail } };
}

function verdictOf(windows: readonly LabelWindow[], known: LabelCounts, cells: readonly Cell[]): { verdict: LabelsVerdict['verdict']; because: string } {
  const { share, deviations } = shareOf(cells);
  const ends = [cells.filter(({ usual }) => usual < 0.25), cells.filter(({ usual }) => usual > 0.75)] as const;
  if (ends.some(({ length }) => length === 0)) return { verdict: 'cannot-say', because: 'too few confident predictions' };
  if (deviations < END_DEVIATIONS) return { verdict: 'sound', because: 'no more than chance' };
  if (share > LARGEST_SHARE) return { verdict: 'sound', because: 'so many are another world' };
  const misfit = misfitOf(cells, share);
  if (!fits(misfit, cells.length - 1)) return { verdict: 'sound', because: 'they do not explain all predictions' };
  const byWindow = windows.map((window) => shareOf(cellsByScore([window], known)));
  const unsteady = sumOf(byWindow, (each) => ((each.share - share) / each.error) ** 2);
  if (!fits(unsteady, byWindow.length - 1)) return { verdict: 'sound', because: 'not as many in every window' };
  const dependsOn = inputThatMatters(windows, known, share);
  if (dependsOn !== null) return { verdict: 'sound', because: `it depends on ${dependsOn}` };
  const flattened = flattenedMisfit(cells);
  if (misfit - flattened >= BETTER_BY) return { verdict: 'sound', because: 'a world that became less certain explains it better' };
  const bothEnds = deviationOf(ends[0]) >= END_DEVIATIONS && -deviationOf(ends[1]) >= END_DEVIATIONS;
  if (!bothEnds || share < SMALLEST_SHARE || deviations < SHARE_DEVIATIONS || flattened - misfit < BETTER_BY)
    return { verdict: 'cannot-say', because: 'too little to tell it from a world that became less certain' };
  return { verdict: 'flipped', because: 'at both ends of the prediction, in every window and whatever the inputs as many turned round, and nothing else moved' };
}

/** The first input by whose bins the labels differ from what a flip of this share makes of the predictions; null when none does. */
function inputThatMatters(windows: readonly LabelWindow[], known: LabelCounts, share: number): string | null {
  const names = Object.keys(windows[0]?.byInput ?? {});
  const gaps = [gapOf(known, 0), gapOf(known, SCORE_BINS / 2)];
  for (const name of names) {
    const { rows, positives, predicted } = addLabelCounts(windows.flatMap(({ byInput }) => byInput?.[name] ?? []));
    const cells = rows.flatMap((n, bin): Cell[] => {
      const usual = Math.min(1, Math.max(0, (predicted[bin] ?? 0) / n + (gaps[bin % 2] ?? 0)));
      const expected = share + (1 - 2 * share) * usual;
      return n < LEAST_ROWS ? [] : [{ usual, seen: (positives[bin] ?? 0) / n, variance: (expected * (1 - expected)) / n + CALIBRATION_ERROR ** 2 }];
    });
    if (cells.length > 1 && chiSquareSurvival(misfitOf(cells, share), cells.length - 1) < SMALLEST_FIT / names.length) return name;
  }
  return null;
}

/** How far the usual labels of one side lie above its predictions. */
function gapOf({ rows, positives, predicted }: LabelCounts, first: number): number {
  const over = (values: readonly number[]): number => sumOf(values.slice(first, first + SCORE_BINS / 2), (value) => value);
  return over(rows) === 0 ? 0 : (over(positives) - over(predicted)) / over(rows);
}

/** Shares with half a row added on each side, so that an end without a positive has a variance. */
function cellsByScore(windows: readonly LabelWindow[], usual: LabelCounts): Cell[] {
  const seen = addLabelCounts(windows.flatMap(({ byScore }) => byScore ?? []));
  return seen.rows.flatMap((n, bin) => {
    const m = usual.rows[bin] ?? 0;
    if (n < LEAST_ROWS / 2 || m < LEAST_ROWS / 2) return [];
    const p = ((usual.positives[bin] ?? 0) + 0.5) / (m + 1);
    const q = ((seen.positives[bin] ?? 0) + 0.5) / (n + 1);
    return [{ usual: p, seen: q, variance: (q * (1 - q)) / n + (p * (1 - p)) / m + CALIBRATION_ERROR ** 2 }];
  });
}

/** The share that explains the cells best (weighted least squares), its standard error, and how many of these it lies above zero. */
function shareOf(cells: readonly Cell[]): { share: number; error: number; deviations: number } {
  const weight = sumOf(cells, ({ usual, variance }) => (1 - 2 * usual) ** 2 / variance);
  const share = sumOf(cells, ({ usual, seen, variance }) => ((seen - usual) * (1 - 2 * usual)) / variance) / weight;
  return { share: weight > 0 ? share : 0, error: 1 / Math.sqrt(weight), deviations: weight > 0 ? share * Math.sqrt(weight) : 0 };
}

function misfitOf(cells: readonly Cell[], share: number): number {
  return sumOf(cells, ({ usual, seen, variance }) => (seen - usual - share * (1 - 2 * usual)) ** 2 / variance);
}

function fits(misfit: number, degrees: number): boolean {
  return degrees < 1 || chiSquareSurvival(misfit, degrees) >= SMALLEST_FIT;
}

/** How far the cells lie above the usual together, in standard errors. */
function deviationOf(cells: readonly Cell[]): number {
  return sumOf(cells, ({ usual, seen, variance }) => (seen - usual) / variance) / Math.sqrt(sumOf(cells, ({ variance }) => 1 / variance));
}

const SLOPES = Array.from({ length: 30 }, (_, i) => 0.2 + i * 0.03);
const LEVELS = Array.from({ length: 31 }, (_, i) => -1.5 + i * 0.1);

/** Chi-square of the best world in which the logits have another slope and level. */
function flattenedMisfit(cells: readonly Cell[]): number {
  const logits = cells.map(({ usual }) => Math.log(usual / (1 - usual)));
  let least = Infinity;
  for (const slope of SLOPES)
    for (const level of LEVELS) least = Math.min(least, sumOf(cells, ({ seen, variance }, i) => (seen - 1 / (1 + Math.exp(-level - slope * (logits[i] ?? 0)))) ** 2 / variance));
  return least;
}

function sumOf<T>(values: readonly T[], term: (value: T, index: number) => number): number {
  return values.reduce((sum, value, i) => sum + term(value, i), 0);
}
