import { spawnSync } from 'node:child_process';
import { pythonBinDirectory } from '@millrace/infra';
import { seededRandom } from '../statistics/seeded-random.js';
import { calibrationErrorOf } from './calibration.js';
import { expectedClassificationOf } from './estimate-classification.js';
import { isotonicFitOf, isotonicValueAt } from './isotonic-regression.js';
import { performanceMetricsOf } from './performance-metrics.js';

/**
 * Runs a script in the project's Python environment; it reads `cases` (JSON) from stdin and prints JSON.
 * What numpy and scikit-learn say there is what the decisions must say.
 */
function pythonReference<C, R>(script: string, cases: readonly C[]): R[] {
  const { status, stdout, stderr } = spawnSync(`${pythonBinDirectory()}/python3`, ['-c', `import json, sys\ncases = json.load(sys.stdin)\n${script}`], { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as R[];
}

const random = seededRandom(41);

interface Case {
  p: number[];
  y: number[];
}

/** Probabilities with and without ties, sizes from 2 to 3,000, shares of label 1 from rare to usual. */
const binary: Case[] = [2, 3, 7, 40, 400, 3_000].flatMap((size) =>
  [3, 1_000_000].map((grain) => {
    const p = Array.from({ length: size }, () => Math.min(0.999999, Math.max(0.000001, Math.round(random() * grain) / grain)));
    const y = p.map((each, row) => (row === 0 ? 1 : row === 1 ? 0 : random() < 0.7 * each ? 1 : 0));
    return { p, y };
  }),
);
const regression: Case[] = [2, 5, 50, 2_000].map((size) => {
  const y = Array.from({ length: size }, () => 1 + 100 * random());
  return { p: y.map((each) => each + 10 * (random() - 0.4)), y };
});

const BINARY_SCRIPT = `
import numpy as np
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
def ece(y, p):
    edges = np.linspace(0, 1, 11)
    bins = np.searchsorted(edges[1:-1], p)
    prob_true, prob_pred = calibration_curve(y, p, n_bins=10)
    counts = np.bincount(bins, minlength=10)
    return float(np.sum(counts[counts > 0] * np.abs(prob_true - prob_pred)) / len(p))
out = []
for c in cases:
    p, y = np.array(c['p']), np.array(c['y'])
    cut = (p >= 0.5).astype(int)
    out.append({'log-loss': m.log_loss(y, p, labels=[0, 1]), 'brier-score': m.brier_score_loss(y, p), 'roc-auc': m.roc_auc_score(y, p),
      'average-precision': m.average_precision_score(y, p), 'f1': m.f1_score(y, cut, zero_division=0), 'recall': m.recall_score(y, cut),
      'precision': m.precision_score(y, cut, zero_division=0), 'accuracy': m.accuracy_score(y, cut), 'expected-calibration-error': ece(y, p)})
print(json.dumps(out))`;

const REGRESSION_SCRIPT = `
from sklearn import metrics as m
out = []
for c in cases:
    p, y = c['p'], c['y']
    out.append({'absolute-error': m.mean_absolute_error(y, p), 'squared-error': m.mean_squared_error(y, p), 'root-mean-squared-error': m.root_mean_squared_error(y, p),
      'median-absolute-error': m.median_absolute_error(y, p), 'mean-absolute-percentage-error': m.mean_absolute_percentage_error(y, p), 'r-squared': m.r2_score(y, p)})
print(json.dumps(out))`;

function expectEqual(task: 'binary-classification' | 'regression', cases: Case[], expected: Record<string, number>[]): void {
  cases.forEach(({ p, y }, i) => {
    for (const { metric, of } of performanceMetricsOf(task)) {
      const wanted = expected[i]?.[metric];
      const value = of(p, y);
      if (wanted !== undefined && !(Number.isNaN(value) && wanted === 0)) expect({ metric, i, off: Math.abs(value - wanted) / Math.max(1, Math.abs(wanted)) < 1e-9 }).toEqual({ metric, i, off: true });
    }
  });
}

describe('metrics of outcomes', () => {
  test('of a classification equal those of scikit-learn to 1e-9', () => {
    expectEqual('binary-classification', binary, pythonReference(BINARY_SCRIPT, binary));
  });

  test('of a regression equal those of scikit-learn to 1e-9', () => {
    expectEqual('regression', regression, pythonReference(REGRESSION_SCRIPT, regression));
  });

  test('are not defined where scikit-learn would make a number up', () => {
    const measured = Object.fromEntries(performanceMetricsOf('binary-classification').map(({ metric, of }) => [metric, of([0.2, 0.4], [0, 0])]));
    expect(measured).toMatchObject({ 'roc-auc': NaN, 'average-precision': NaN, recall: NaN, precision: NaN, f1: NaN, accuracy: 1 });
  });
});

describe('calibration', () => {
  test('has no error when each bin holds as many ones as it says', () => {
    expect(calibrationErrorOf([0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75], [1, 0, 0, 0, 1, 1, 1, 0])).toBe(0);
  });

  test('by isotonic regression equals scikit-learn at and between the places', () => {
    const cases = binary.map(({ p, y }) => ({ p, y, at: [0, 0.1, 0.33, 0.5, 0.77, 1] }));
    const script = `
from sklearn.isotonic import IsotonicRegression
print(json.dumps([IsotonicRegression(out_of_bounds='clip').fit(c['p'], c['y']).predict(c['at']).tolist() for c in cases]))`;
    pythonReference<(typeof cases)[0], number[]>(script, cases).forEach((expected, i) => {
      const { p = [], y = [], at = [] } = cases[i] ?? {};
      const fit = isotonicFitOf(p, y);
      at.forEach((place, j) => expect(isotonicValueAt(fit, place)).toBeCloseTo(expected[j] ?? NaN, 9));
    });
  });
});

describe('expected quality of a classifier without labels', () => {
  test('equals the published formulas of CBPE, computed by numpy', () => {
    const script = `
import numpy as np
from sklearn import metrics as m
from sklearn.isotonic import IsotonicRegression
out = []
for c in cases:
    s, y = np.array(c['p']), np.array(c['y'])
    p = IsotonicRegression(out_of_bounds='clip').fit(s, y).predict(s)
    cut = (s >= 0.5).astype(int)
    wrong = np.abs(cut - p)
    tp, fp = np.sum(np.where(cut == 1, 1 - wrong, 0)), np.sum(np.where(cut == 1, wrong, 0))
    tn, fn = np.sum(np.where(cut == 0, 1 - wrong, 0)), np.sum(np.where(cut == 0, wrong, 0))
    t = np.sort(p)
    tps, fps = np.cumsum(t[::-1])[::-1], np.cumsum(1 - t[::-1])[::-1]
    last = np.diff(np.insert(t, 0, -1)).astype(bool)
    tpr, fpr = tps[last] / t.sum(), fps[last] / (1 - t).sum()
    out.append({'accuracy': (tp + tn) / len(s), 'f1': 2 * tp / (2 * tp + fp + fn), 'recall': tp / (tp + fn),
      'roc-auc': m.auc(np.append(fpr, 0), np.append(tpr, 0)), 'brier-score': float(np.mean(p * (s - 1) ** 2 + (1 - p) * s ** 2)),
      'log-loss': float(np.mean(-p * np.log(s) - (1 - p) * np.log1p(-s)))})
print(json.dumps(out))`;
    const cases = binary.slice(4);
    pythonReference<Case, Record<string, number>>(script, cases).forEach((expected, i) => {
      const { p = [], y = [] } = cases[i] ?? {};
      const estimate = expectedClassificationOf(p, isotonicFitOf(p, y));
      for (const [metric, value] of Object.entries(expected)) expect([metric, (estimate as unknown as Record<string, number>)[metric]]).toEqual([metric, expect.closeTo(value, 9)]);
    });
  });

  test('is that of the labels themselves on the rows it was calibrated on', () => {
    const { p = [], y = [] } = binary.at(-1) ?? {};
    const measured = Object.fromEntries(performanceMetricsOf('binary-classification').map(({ metric, of }) => [metric, of(p, y)]));
    const estimate = expectedClassificationOf(p, isotonicFitOf(p, y));
    expect(Math.abs(estimate['log-loss'] - (measured['log-loss'] ?? NaN))).toBeLessThan(0.02);
    expect(Math.abs(estimate['roc-auc'] - (measured['roc-auc'] ?? NaN))).toBeLessThan(0.02);
  });
});
