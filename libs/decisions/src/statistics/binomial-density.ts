import { logGamma } from './log-gamma.js';

const LOG_ROOT_TWO_PI = 0.918938533204672742;
const SERIES_FROM = 16;
const EPSILON = 1e-17;

/** How far Stirling's formula is from log gamma(z + 1), for z > 0: what densities of large counts need without cancellation (C. Loader, 2000). */
export function stirlingErrorOf(z: number): number {
  if (z < SERIES_FROM) return logGamma(z + 1) - (z + 0.5) * Math.log(z) + z - LOG_ROOT_TWO_PI;
  const square = z * z;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360_360 / square) / square) / square) / square) / square) / z;
}

/** x log(x / mean) + mean - x, without cancellation where both are close (C. Loader, 2000). */
export function devianceOf(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const ratio = (x - mean) / (x + mean);
  let sum = (x - mean) * ratio;
  let term = 2 * x * ratio;
  for (let j = 3; Math.abs(term) > Math.abs(sum) * EPSILON; j += 2) {
    term *= ratio * ratio;
    sum += term / j;
  }
  return sum;
}

/** mean^x e^-mean / gamma(x + 1) for real x > 0: the Poisson density, to full relative accuracy also for large x. */
export function poissonDensity(x: number, mean: number): number {
  return Math.exp(-stirlingErrorOf(x) - devianceOf(x, mean)) / Math.sqrt(2 * Math.PI * x);
}

/** gamma(a + b + 1) / (gamma(a + 1) gamma(b + 1)) p^a q^b for real a, b > 0 and p + q = 1: the binomial density of a successes among a + b. */
export function binomialDensity(a: number, b: number, p: number, q: number): number {
  const n = a + b;
  const exponent = stirlingErrorOf(n) - stirlingErrorOf(a) - stirlingErrorOf(b) - devianceOf(a, n * p) - devianceOf(b, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * a * b));
}
