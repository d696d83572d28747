import { incompleteBeta } from './incomplete-beta.js';
import { inverseSurvival } from './inverse-survival.js';

/** Probability that Student's t with `degreesOfFreedom` > 0 exceeds t. */
export function studentTSurvival(t: number, degreesOfFreedom: number): number {
  const inner = degreesOfFreedom / (degreesOfFreedom + t * t);
  const outer = Number.isFinite(t * t) ? (t * t) / (degreesOfFreedom + t * t) : 1;
  const tail = 0.5 * incompleteBeta(inner, degreesOfFreedom / 2, 0.5, outer);
  return t >= 0 ? tail : 1 - tail;
}

/** The value of Student's t below which a share p of the distribution lies; infinite at 0 and 1. */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  const survival = (t: number): number => studentTSurvival(t, degreesOfFreedom);
  return p < 0.5 ? -inverseSurvival(survival, p) : inverseSurvival(survival, 1 - p);
}
