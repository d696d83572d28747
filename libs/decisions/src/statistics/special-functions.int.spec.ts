import { askReferences } from '@millrace/testing/references';
import { scaledBesselK } from './bessel-k.js';
import { chiSquareSurvival } from './chi-square-distribution.js';
import { complementaryErrorFunction, errorFunction } from './error-function.js';
import { incompleteBeta } from './incomplete-beta.js';
import { upperIncompleteGamma } from './incomplete-gamma.js';
import { kolmogorovSurvival } from './kolmogorov-smirnov/kolmogorov-distribution.js';
import { ksSurvival } from './kolmogorov-smirnov/one-sample-survival.js';
import { smirnovSurvival } from './kolmogorov-smirnov/smirnov-survival.js';
import { logGamma } from './log-gamma.js';
import { normalDistribution, normalQuantile } from './normal-distribution.js';
import { seededRandom } from './seeded-random.js';
import { studentTQuantile, studentTSurvival } from './student-t-distribution.js';

const LOADED_MACHINE_MS = 240_000;

const functions: Record<string, (...args: number[]) => number> = {
  logGamma, upperIncompleteGamma, incompleteBeta, errorFunction, complementaryErrorFunction, normalDistribution, normalQuantile, chiSquareSurvival,
  studentTSurvival, studentTQuantile, scaledBesselK, kolmogorovSurvival, smirnovSurvival, ksSurvival,
};

/** 200 seeded arguments for each function, spread over the orders of magnitude that tests and intervals meet. */
const ranges: Record<string, (random: () => number) => number[]> = {
  logGamma: (random) => [logUniform(random, 1e-3, 1e7)],
  upperIncompleteGamma: (random) => { const a = logUniform(random, 0.5, 1e6); return [a, a * logUniform(random, 0.2, 5) ** Math.min(1, 8 / Math.sqrt(a))]; },
  incompleteBeta: (random) => [random(), logUniform(random, 0.5, 1e3), logUniform(random, 0.5, 1e3)],
  errorFunction: (random) => [12 * random() - 6],
  complementaryErrorFunction: (random) => [32 * random() - 6],
  normalDistribution: (random) => [44 * random() - 36],
  normalQuantile: (random) => [random() < 0.5 ? random() : logUniform(random, 1e-300, 0.1)],
  chiSquareSurvival: (random) => { const k = Math.ceil(logUniform(random, 0.5, 1e5)); return [k + Math.sqrt(2 * k) * (14 * random() - 4) * Math.min(1, Math.sqrt(k) / 6), k]; },
  studentTSurvival: (random) => [60 * random() - 20, Math.ceil(logUniform(random, 0.5, 1e6))],
  studentTQuantile: (random) => [0.001 + 0.998 * random(), Math.ceil(logUniform(random, 0.5, 1e4))],
  scaledBesselK: (random) => [0.25, logUniform(random, 1e-3, 1e4)],
  kolmogorovSurvival: (random) => [0.05 + 6 * random()],
  smirnovSurvival: (random) => { const n = Math.ceil(logUniform(random, 1, 3e3)); return [n, Math.min(0.99, logUniform(random, 0.3, 8) / Math.sqrt(n))]; },
  ksSurvival: (random) => { const n = Math.ceil(logUniform(random, 1, 2e4)); return [n, Math.min(0.99, logUniform(random, 0.2, 8) / Math.sqrt(n))]; },
};

function logUniform(random: () => number, low: number, high: number): number {
  return low * (high / low) ** random();
}

const random = seededRandom(20);
const cases = Object.entries(ranges).flatMap(([name, argumentsOf]) => Array.from({ length: 200 }, () => ({ name, args: argumentsOf(random) })));

describe('special functions', () => {
  let expected: number[];
  beforeAll(async () => {
    const [answers] = await askReferences<number[]>([{ ask: 'special', calls: cases.map(({ name, args }) => [name, ...args]) } as never]);
    expected = answers ?? [];
  }, LOADED_MACHINE_MS);

  it.each(Object.keys(ranges))('%s agrees with scipy to 1e-12', (name) => {
    const far = cases.flatMap((each, index) => {
      if (each.name !== name) return [];
      const [measured, scipy] = [functions[name]?.(...each.args) ?? NaN, expected[index] ?? NaN];
      return Math.abs(measured - scipy) <= 1e-12 * Math.abs(scipy) + 1e-300 ? [] : [{ args: each.args, measured, scipy, relative: measured / scipy - 1 }];
    });
    expect(far).toEqual([]);
  });
});
