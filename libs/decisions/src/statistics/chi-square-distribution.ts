import { upperIncompleteGamma } from './incomplete-gamma.js';

/** Probability that a chi-square value with `degreesOfFreedom` > 0 exceeds x. */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  return x === Infinity ? 0 : upperIncompleteGamma(degreesOfFreedom / 2, x / 2);
}
