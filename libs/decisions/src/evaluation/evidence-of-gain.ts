import { studentTSurvival } from '../statistics/student-t-distribution.js';

/** Scale of the half-normal mixture over effect sizes (mean gain of a block in standard deviations of a block). */
const EFFECT_SCALE = 0.5;

/**
 * Evidence that the mean of a sequence lies above zero, as an e-value: where it does not, the probability that this number ever reaches
 * 1 / alpha is at most alpha, however often one looks. 1 while there is none.
 * It is the likelihood ratio of the one-sided t-test, mixed over half-normal effect sizes of scale s (Pérez-Ortiz et al., E-statistics,
 * group invariance and anytime-valid testing, 2022; the variance needs not be known). With r^2 = (sum)^2 / (sum of squares),
 * a = s^2 r^2 / (1 + n s^2): 2 F((sign of sum) sqrt(n a / (1 - a))) (1 + n s^2)^(-1/2) (1 - a)^(-n/2), F Student's distribution with n degrees
 * of freedom. Exact for normal values; means of blocks are nearly so.
 * @param values in the order in which they came, of like size: sums over blocks of equal length
 */
export function evidenceOfGain(values: readonly number[]): number {
  const n = values.length;
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  if (n < 2 || !(squares > 0) || !Number.isFinite(squares)) return 1;
  const sum = values.reduce((total, value) => total + value, 0);
  const spread = 1 + n * EFFECT_SCALE ** 2;
  const a = (EFFECT_SCALE ** 2 * sum ** 2) / squares / spread;
  const direction = 1 - studentTSurvival(Math.sign(sum) * Math.sqrt((n * a) / (1 - a)), n);
  return Math.min(Number.MAX_VALUE, (2 * direction * (1 - a) ** (-n / 2)) / Math.sqrt(spread));
}
