import { polynomialAt } from './polynomial.js';

const LOG_ROOT_TWO_PI = 0.918938533204672742;
const SMALL = 13;
const HUGE = 1e8;
/** Rational approximation of log gamma on [2, 3], which keeps the relative accuracy at the zeros 1 and 2. */
const NUMERATOR = [-1378.25152569120859, -38801.6315134637841, -331612.992738871185, -1162370.97492762307, -1721737.0082083966, -853555.664245765466];
const DENOMINATOR = [1, -351.815701436523471, -17064.2106651881159, -220528.590553854455, -1139334.44367982507, -2532523.07177582951, -2018891.41433532773];
/** Stirling's series in 1 / x^2, fitted for x >= 13. */
const STIRLING = [8.11614167470508450e-4, -5.95061904284301438e-4, 7.93650340457716944e-4, -2.77777777730099687e-3, 8.33333333333331928e-2];

/** Natural logarithm of the gamma function for x > 0 (S. L. Moshier, Cephes `lgam`; relative error below 1e-14). */
export function logGamma(x: number): number {
  if (x >= HUGE) return (x - 0.5) * Math.log(x) - x + LOG_ROOT_TWO_PI;
  if (x >= SMALL) return (x - 0.5) * Math.log(x) - x + LOG_ROOT_TWO_PI + polynomialAt(1 / (x * x), STIRLING) / x;
  let product = 1;
  let shift = 0;
  while (x + shift >= 3) {
    shift -= 1;
    product *= x + shift;
  }
  while (x + shift < 2) {
    product /= x + shift;
    shift += 1;
  }
  const beyondTwo = x + (shift - 2);
  return Math.log(product) + (beyondTwo * polynomialAt(beyondTwo, NUMERATOR)) / polynomialAt(beyondTwo, DENOMINATOR);
}
