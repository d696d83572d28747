import { poissonDensity } from './binomial-density.js';

const EPSILON = 1e-17;
const TINY = 1e-300;
const MAX_TERMS = 1_000_000;

/**
 * Regularised upper incomplete gamma function Q(a, x) for a > 0, x >= 0, between 0 and 1.
 * Series below a + 1, Lentz's continued fraction above (Abramowitz and Stegun 6.5.29, 6.5.31).
 */
export function upperIncompleteGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - lowerBySeries(a, x) : upperByFraction(a, x);
}

function lowerBySeries(a: number, x: number): number {
  let term = 1;
  let sum = term;
  for (let n = 1; n < MAX_TERMS; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (!(term >= sum * EPSILON)) break;
  }
  return sum * poissonDensity(a, x);
}

function upperByFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < MAX_TERMS; i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    const delta = d * c;
    fraction *= delta;
    if (!(Math.abs(delta - 1) >= EPSILON)) break;
  }
  return fraction * a * poissonDensity(a, x);
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
