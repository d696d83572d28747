import { upperIncompleteGamma } from './incomplete-gamma.js';
import { inverseSurvival } from './inverse-survival.js';

/** Probability that a standard normal value exceeds z. */
export function normalSurvival(z: number): number {
  const tail = 0.5 * upperIncompleteGamma(0.5, (z * z) / 2);
  return z >= 0 ? tail : 1 - tail;
}

/** The standard normal value below which a share p of the distribution lies; infinite at 0 and 1. */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  return p < 0.5 ? -inverseSurvival(normalSurvival, p) : inverseSurvival(normalSurvival, 1 - p);
}
