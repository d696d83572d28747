import { chiSquareSurvival } from './chi-square-distribution.js';
import { incompleteBeta } from './incomplete-beta.js';
import { upperIncompleteGamma } from './incomplete-gamma.js';
import { logGamma } from './log-gamma.js';
import { normalQuantile, normalSurvival } from './normal-distribution.js';
import { studentTQuantile, studentTSurvival } from './student-t-distribution.js';

// Expected values: scipy 1.17.
function expectClose(measured: number, expected: number): void {
  expect(Math.abs(measured - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
}

describe('distributions', () => {
  test.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [1.5, -0.12078223763524526],
    [10, 12.801827480081469],
    [123.4, 469.3360974421906],
  ])('log gamma of %d agrees with scipy', (x, expected) => expectClose(logGamma(x), expected));

  test.each([
    [0.5, 0.2, 0.5270892568655381],
    [3, 2.5, 0.5438131158833297],
    [10, 20, 0.0049954123083075785],
    [50, 40, 0.9296649333406051],
  ])('the upper incomplete gamma function Q(%d, %d) agrees with scipy', (a, x, expected) => expectClose(upperIncompleteGamma(a, x), expected));

  test.each([
    [0.3, 0.5, 0.5, 0.36901011956554536],
    [0.7, 4, 2, 0.52822],
    [0.02, 10, 1, 1.024e-17],
    [0.95, 20, 0.5, 0.15459078143343816],
  ])('the incomplete beta function at %d with %d, %d agrees with scipy', (x, a, b, expected) => expectClose(incompleteBeta(x, a, b), expected));

  test.each([
    [-1.3, 0.9031995154143897],
    [0, 0.5],
    [1.96, 0.024997895148220435],
    [8, 6.22096057427174e-16],
  ])('the normal tail above %d agrees with scipy', (z, expected) => {
    expect(normalSurvival(z) / expected).toBeCloseTo(1, 11);
  });

  test.each([
    [1e-6, -4.753424308822899],
    [0.025, -1.9599639845400545],
    [0.9, 1.2815515655446004],
    [0.999, 3.090232306167813],
  ])('the normal quantile at %d agrees with scipy', (p, expected) => expectClose(normalQuantile(p), expected));

  test.each([
    [2, 5, 0.050969739414929174],
    [-1, 3, 0.8044988905221148],
    [4, 29, 0.00020003197282624587],
    [0.3, 1.5, 0.40023609840179253],
  ])("Student's t tail above %d with %d degrees of freedom agrees with scipy", (t, degrees, expected) =>
    expectClose(studentTSurvival(t, degrees), expected));

  test.each([
    [0.95, 1, 6.313751514675037],
    [0.95, 6, 1.9431802805153042],
    [0.998, 9, 3.834510269504063],
    [0.01, 30, -2.4572615424005915],
  ])("Student's t quantile at %d with %d degrees of freedom agrees with scipy", (p, degrees, expected) =>
    expectClose(studentTQuantile(p, degrees), expected));

  test.each([
    [3.84, 1, 0.05004352124870519],
    [10, 4, 0.04042768199451279],
    [50, 30, 0.01240206071890054],
  ])('the chi-square tail above %d with %d degrees of freedom agrees with scipy', (x, degrees, expected) =>
    expectClose(chiSquareSurvival(x, degrees), expected));
});
