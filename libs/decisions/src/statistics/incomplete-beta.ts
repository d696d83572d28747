import { binomialDensity } from './binomial-density.js';

const EPSILON = 1e-17;
const TINY = 1e-300;
const MAX_TERMS = 1_000_000;

/**
 * Regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1: the continued fraction of DiDonato and Morris
 * (1992, their BFRAC), which needs 1 - x only as it is given, on the side where it converges fast.
 * @param complement 1 - x, given where it is known better than the difference
 */
export function incompleteBeta(x: number, a: number, b: number, complement = 1 - x): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const front = (binomialDensity(a, b, x, complement) * a * b) / (a + b);
  return x < (a + 1) / (a + b + 2) ? front / betaFraction(x, complement, a, b) : 1 - front / betaFraction(complement, x, b, a);
}

/** Lentz's evaluation of b0 + a1 / (b1 + a2 / (b2 + ...)). */
function betaFraction(x: number, y: number, a: number, b: number): number {
  const denominatorOf = (m: number): number => m + (m * (b - m) * x) / (a + 2 * m - 1) + ((a + m) * (a * y - b * x + 1 + m * (1 + y))) / (a + 2 * m + 1);
  let fraction = nonZero((a * (a * y - b * x + 1)) / (a + 1));
  let c = fraction;
  let d = 0;
  for (let m = 1; m < MAX_TERMS; m += 1) {
    const odd = a + 2 * m - 1;
    const numerator = ((m * (a + m - 1)) / odd) * ((a + b + m - 1) / odd) * (b - m) * x * x;
    const denominator = denominatorOf(m);
    d = 1 / nonZero(denominator + numerator * d);
    c = nonZero(denominator + numerator / c);
    fraction *= c * d;
    if (!(Math.abs(c * d - 1) >= EPSILON)) break;
  }
  return fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
