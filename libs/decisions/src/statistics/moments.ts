/** Arithmetic mean; NaN for an empty list. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Variance with `lostDegrees` taken from the divisor (1 = of a sample, 0 = of a population); NaN when none are left. */
export function varianceOf(values: readonly number[], lostDegrees: 0 | 1 = 1): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.length > lostDegrees ? squares / (values.length - lostDegrees) : NaN;
}
