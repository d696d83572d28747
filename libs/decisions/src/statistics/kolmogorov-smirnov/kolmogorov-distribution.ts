const CUTOVER = 0.82;
const LOWEST = Math.PI / Math.sqrt(8 * 746);

/**
 * Probability that the scaled Kolmogorov-Smirnov statistic sqrt(n) D exceeds x in the limit of many rows:
 * 2 sum (-1)^(k-1) exp(-2 k^2 x^2), and by the theta function's other form where that converges slowly.
 */
export function kolmogorovSurvival(x: number): number {
  if (x <= LOWEST) return 1;
  if (x <= CUTOVER) {
    const eighthPower = -((Math.PI / x) ** 2);
    const series = [5, 3, 1].reduce((sum, odd) => sum + Math.exp((eighthPower * (odd * odd - 1)) / 8), Math.exp((eighthPower * 48) / 8));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * Math.exp(eighthPower / 8) * series;
  }
  const v = Math.exp(-2 * x * x);
  return 2 * v * (1 - v ** 3 * (1 - v ** 5 * (1 - v ** 7)));
}
