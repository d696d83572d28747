import { chiSquareTest, twoShareTest } from '../categorical-tests.js';
import { jensenShannonOf, kullbackLeiblerOf, psiOf } from '../count-distances.js';
import { ksPValueOf } from '../kolmogorov-smirnov/two-sample-test.js';
import { energyDistanceOfSorted, ksDistanceOfSorted, normedWassersteinOfSorted } from '../sample-distances.js';
import { andersonDarlingPValue } from './anderson-darling.js';
import { binnedCountsOf } from './binned-counts.js';
import type { CategoryCounts, NumericSamples } from './column-samples.js';
import { totalOf } from './column-samples.js';
import { cramerVonMisesPValue } from './cramer-von-mises.js';
import type { DriftMethod, DriftMethodName, NoAnswer } from './drift-method.js';
import { eppsSingletonPValue } from './epps-singleton.js';
import { fisherExactPValue } from './fisher-exact.js';
import { gTest } from './g-test.js';
import { hellingerOfCounts, hellingerOfSamples } from './hellinger.js';
import { mannWhitneyLess } from './mann-whitney.js';
import { studentTPValue } from './student-t-test.js';

const below = (score: number, threshold: number): boolean => score < threshold;
const atMost = (score: number, threshold: number): boolean => score <= threshold;
const atLeast = (score: number, threshold: number): boolean => score >= threshold;
const above = (score: number, threshold: number): boolean => score > threshold;

/** A distance between histograms, which Evidently takes of bins for numbers. */
function countDistance(distance: (reference: readonly number[], current: readonly number[]) => number): Pick<DriftMethod, 'score' | 'threshold' | 'finds' | 'ofNumbers' | 'ofCategories'> {
  const ofCategories = ({ reference, current }: CategoryCounts): number => distance(reference, current);
  return { score: 'distance', threshold: 0.1, finds: atLeast, ofCategories, ofNumbers: (samples) => ofCategories(binnedCountsOf(samples)) };
}

/** The methods of Evidently 0.7.23 with its names, labels, thresholds and comparisons, for which equality with it is tested. */
export const evidentlyMethods: readonly DriftMethod[] = [
  { name: 'ks', label: 'K-S p_value', score: 'p-value', threshold: 0.05, finds: atMost, ofNumbers: ({ reference, current }) => ksPValueOf(ksDistanceOfSorted(reference, current), reference.length, current.length) },
  { name: 'wasserstein', label: 'Wasserstein distance (normed)', score: 'distance', threshold: 0.1, finds: atLeast, ofNumbers: ({ reference, current }) => normedWassersteinOfSorted(reference, current) },
  { name: 'psi', label: 'PSI', ...countDistance(psiOf) },
  { name: 'kl_div', label: 'Kullback-Leibler divergence', ...countDistance(kullbackLeiblerOf) },
  { name: 'jensenshannon', label: 'Jensen-Shannon distance', ...countDistance(jensenShannonOf) },
  { name: 'hellinger', label: 'Hellinger distance', score: 'distance', threshold: 0.1, finds: atLeast, ofNumbers: hellingerOfSamples, ofCategories: hellingerOfCounts },
  { name: 'chisquare', label: 'chi-square p_value', score: 'p-value', threshold: 0.05, finds: below, ofCategories: ({ reference, current }) => (reference.length < 2 ? NaN : chiSquareTest(reference, current).pValue) },
  { name: 'z', label: 'Z-test p_value', score: 'p-value', threshold: 0.05, finds: below, ofCategories: zTest },
  { name: 'anderson', label: 'Anderson-Darling', score: 'p-value', threshold: 0.1, finds: below, ofNumbers: anderson },
  { name: 'cramer_von_mises', label: 'Cramer-von Mises', score: 'p-value', threshold: 0.1, finds: atMost, ofNumbers: cramerVonMises },
  { name: 'mannw', label: 'Mann-Whitney U-rank test', score: 'p-value', threshold: 0.05, finds: below, ofNumbers: mannWhitneyLess },
  { name: 't_test', label: 't_test', score: 'p-value', threshold: 0.05, finds: below, ofNumbers: studentTPValue },
  { name: 'ed', label: 'Energy-distance', score: 'distance', threshold: 0.1, finds: above, ofNumbers: ({ reference, current }) => energyDistanceOfSorted(reference, current) },
  { name: 'es', label: 'Epps-Singleton', score: 'p-value', threshold: 0.05, finds: below, ofNumbers: eppsSingletonPValue },
  { name: 'fisher_exact', label: "Fisher's Exact test", score: 'p-value', threshold: 0.1, finds: below, ofCategories: fisherExact },
  { name: 'g_test', label: 'g_test', score: 'p-value', threshold: 0.1, finds: below, ofCategories: gTest },
];

export function evidentlyMethodOf(name: DriftMethodName): DriftMethod {
  const method = evidentlyMethods.find((each) => each.name === name);
  if (method === undefined) throw new RangeError(`There is no method ${name}`);
  return method;
}

/** The share of rows that are not the smallest category, compared on both sides; 1 - cdf as Evidently has it, with its rounding in the far tail. */
function zTest({ reference, current }: CategoryCounts): number {
  const [m, n] = [totalOf(reference), totalOf(current)];
  return twoShareTest({ hits: m - (reference[0] ?? 0), rows: m }, { hits: n - (current[0] ?? 0), rows: n }).pValue;
}

function anderson(samples: NumericSamples): number | NoAnswer {
  const { reference, current } = samples;
  if (reference.length + current.length < 4) return { because: 'the Anderson-Darling test needs four rows' };
  return Math.min(reference[0] ?? NaN, current[0] ?? NaN) === Math.max(reference.at(-1) ?? NaN, current.at(-1) ?? NaN) ? { because: 'the Anderson-Darling test needs more than one distinct value' } : andersonDarlingPValue(samples);
}

function cramerVonMises(samples: NumericSamples): number | NoAnswer {
  return Math.min(samples.reference.length, samples.current.length) < 2 ? { because: 'the Cramer-von Mises test needs two rows on each side' } : cramerVonMisesPValue(samples);
}

function fisherExact({ reference, current }: CategoryCounts): number | NoAnswer {
  if (reference.length > 2) return { because: "Fisher's exact test needs at most two categories" };
  if (totalOf(reference) !== totalOf(current)) return { because: "Evidently's Fisher's exact test needs as many current as reference rows" };
  return fisherExactPValue(current[1] ?? 0, current[0] ?? 0, reference[1] ?? 0, reference[0] ?? 0);
}
