import { chiSquareSurvival } from '../statistics/chi-square-distribution.js';
import { jensenShannonDivergenceOf } from '../statistics/count-distances.js';
import { firstAbove, firstNotBelow, totalOf } from '../statistics/drift-tests/column-samples.js';
import type { ComparedColumn } from '../statistics/drift-tests/judge-like-evidently.js';
import { inverseSurvival } from '../statistics/inverse-survival.js';
import { logGamma } from '../statistics/log-gamma.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { divergenceOf, distanceOf, shiftedShareOf } from './column-distance.js';
import type { ColumnTally } from './window-profile.js';

const NUMERIC_BINS = 10;
const CATEGORY_BINS = 30;
/** Where every bin expects more rows on both sides, the divergence under no change is chi-square to the second digit of its tail. */
const ROWS_FOR_LIMIT = 20;
const RELABELLINGS_BEYOND = 10;
const MOST_RELABELLINGS = 10_000;

/** Two samples of a column and how many rows of each have no value. */
export interface SampledColumn {
  column: ComparedColumn;
  missing: { reference: number; current: number };
}

export interface SampleComparison {
  /** Jensen-Shannon distance over bins of both sides together (missing values are one), less what sampling alone adds. */
  score: number;
  /** What the score exceeds with probability `level` when the rows' sides are exchanged at random. */
  threshold: number;
  /** Share of rows that lie in other bins than they would by the reference, beyond chance. */
  effect: number;
  /** Whether a score above the threshold could occur at all with so few rows. */
  canTell: boolean;
}

/**
 * Compares two samples by the platform's own score. The bins come from both sides together: chosen by one side alone (its thirty most
 * frequent categories, say) they would fit that side by chance, and the threshold by relabelling would not hold. The threshold holds for independent rows; of a stream, whose rows are not, the
 * platform takes blocks of whole windows instead.
 * @param level probability of a false finding for this column
 */
export function compareSamples({ column, missing }: SampledColumn, level: number, seed: number): SampleComparison {
  const bins = column.kind === 'numeric' ? numericBins(column.samples) : categoryBins(column.counts);
  const [reference, current] = [tallyOf(bins.map(([count]) => count), missing.reference), tallyOf(bins.map(([, count]) => count), missing.current)];
  const [n, m] = [totalOf(current.counts) + current.missing, totalOf(reference.counts) + reference.missing];
  return {
    score: distanceOf(divergenceOf(current, reference)),
    threshold: Math.sqrt(Math.max(0, boundOf(binsOf(reference), binsOf(current), level, seed))),
    effect: shiftedShareOf(current, reference),
    canTell: logChoose(n + m, n) > -Math.log(level),
  };
}

function tallyOf(counts: number[], missing: number): ColumnTally {
  return { counts, missing, infinite: 0, unseen: 0, only: null, several: true, fine: { from: 0, counts: [] } };
}

function binsOf({ counts, missing }: ColumnTally): number[] {
  return [...counts, missing];
}

/** Tenths of both sides together, with a bin of its own for every value that a tenth of the rows have: pairs of counts. */
function numericBins({ reference, current }: { reference: Float64Array; current: Float64Array }): [number, number][] {
  const rows = reference.length + current.length;
  const cuts = tenthsOf(reference, current).map((value) => ({ value, after: 0 }));
  const rowsAt = (value: number): number => [reference, current].reduce((sum, sorted) => sum + firstAbove(sorted, value) - firstNotBelow(sorted, value), 0);
  const atoms = cuts.filter(({ value }) => rowsAt(value) * NUMERIC_BINS >= rows);
  const all = [...cuts, ...atoms.map(({ value }) => ({ value, after: 1 }))].sort((a, b) => a.value - b.value || a.after - b.after);
  const placesIn = (sorted: Float64Array): number[] => [...all.map(({ value, after }) => (after === 1 ? firstAbove(sorted, value) : firstNotBelow(sorted, value))), sorted.length];
  const [x, y] = [placesIn(reference), placesIn(current)];
  return x.map((place, i): [number, number] => [place - (x[i - 1] ?? 0), (y[i] ?? 0) - (y[i - 1] ?? 0)]).filter(([a, b]) => a + b > 0);
}

function tenthsOf(reference: Float64Array, current: Float64Array): number[] {
  const tenths: number[] = [];
  for (let i = 0, j = 0, tenth = 1; tenth < NUMERIC_BINS; tenth += 1) {
    const place = Math.floor((tenth * (reference.length + current.length)) / NUMERIC_BINS);
    while (i + j < place) {
      if ((reference[i] ?? Infinity) <= (current[j] ?? Infinity)) i += 1;
      else j += 1;
    }
    tenths.push(Math.min(reference[i] ?? Infinity, current[j] ?? Infinity));
  }
  return tenths;
}

/** The most frequent categories of both sides together, and the rest together: pairs of counts. */
function categoryBins({ reference, current }: { reference: readonly number[]; current: readonly number[] }): [number, number][] {
  const both = reference.map((count, i): [number, number] => [count, current[i] ?? 0]).sort(([a, b], [c, d]) => c + d - a - b);
  const [kept, others] = [both.slice(0, CATEGORY_BINS), both.slice(CATEGORY_BINS)];
  return others.length === 0 ? kept : [...kept, [totalOf(others.map(([count]) => count)), totalOf(others.map(([, count]) => count))]];
}

/** What the divergence beyond sampling exceeds with probability `level` when rows change sides at random. */
function boundOf(reference: readonly number[], current: readonly number[], level: number, seed: number): number {
  const pooled = reference.map((count, i) => count + (current[i] ?? 0)).filter((count) => count > 0);
  const [m, n] = [totalOf(reference), totalOf(current)];
  const degrees = pooled.length - 1;
  const scale = (1 / m + 1 / n) / 8;
  if (degrees < 1) return 0;
  const fewest = pooled.reduce((least, count) => Math.min(least, count), Infinity) * Math.min(m, n) / (m + n);
  if (fewest > ROWS_FOR_LIMIT) return (inverseSurvival((x) => chiSquareSurvival(x, degrees), level) - degrees) * scale;
  const rounds = Math.min(MOST_RELABELLINGS, Math.ceil(RELABELLINGS_BEYOND / level));
  const random = seededRandom(seed);
  const logFactorials = logFactorialsUpTo(m + n);
  const divergences = Float64Array.from({ length: rounds }, () => {
    const drawn = drawWithout(pooled, n, random, logFactorials);
    return jensenShannonDivergenceOf(drawn, pooled.map((count, i) => count - (drawn[i] ?? 0)));
  }).sort();
  return (divergences[Math.min(rounds - 1, Math.ceil((1 - level) * rounds))] ?? NaN) - degrees * scale;
}

/** How many of `size` rows drawn without replacement fall into each bin. */
function drawWithout(pooled: readonly number[], size: number, random: () => number, logFactorials: Float64Array): number[] {
  let [left, wanted] = [totalOf(pooled), size];
  return pooled.map((count) => {
    const drawn = hypergeometric(left, count, wanted, random(), logFactorials);
    left -= count;
    wanted -= drawn;
    return drawn;
  });
}

/** Inverse of the hypergeometric distribution by adding up from the mode outwards. */
function hypergeometric(rows: number, hits: number, drawn: number, uniform: number, logFactorials: Float64Array): number {
  const [low, high] = [Math.max(0, drawn - (rows - hits)), Math.min(hits, drawn)];
  let [below, above] = [Math.min(high, Math.max(low, Math.floor(((drawn + 1) * (hits + 1)) / (rows + 2)))), 0];
  above = below;
  const logChoose = (n: number, k: number): number => (logFactorials[n] as number) - (logFactorials[k] as number) - (logFactorials[n - k] as number);
  let weightBelow = Math.exp(logChoose(hits, below) + logChoose(rows - hits, drawn - below) - logChoose(rows, drawn));
  let weightAbove = weightBelow;
  let rest = uniform - weightBelow;
  while (rest > 0 && (below > low || above < high)) {
    if (above < high) {
      weightAbove *= ((hits - above) * (drawn - above)) / ((above + 1) * (rows - hits - drawn + above + 1));
      above += 1;
      rest -= weightAbove;
      if (rest <= 0) return above;
    }
    if (below > low) {
      weightBelow *= (below * (rows - hits - drawn + below)) / ((hits - below + 1) * (drawn - below + 1));
      below -= 1;
      rest -= weightBelow;
      if (rest <= 0) return below;
    }
  }
  return above;
}

function logFactorialsUpTo(n: number): Float64Array {
  const sums = new Float64Array(n + 1);
  for (let i = 1; i <= n; i += 1) sums[i] = (sums[i - 1] as number) + Math.log(i);
  return sums;
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
