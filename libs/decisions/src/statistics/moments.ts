/** Arithmetic mean; NaN for an empty list. */
export function meanOf(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  return sum / values.length;
}

/** Variance with `lostDegrees` taken from the divisor (1 = of a sample, 0 = of a population); NaN when none are left. */
export function varianceOf(values: readonly number[] | Float64Array, lostDegrees: 0 | 1 = 1): number {
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) {
    const gap = (values[i] as number) - mean;
    squares += gap * gap;
  }
  return values.length > lostDegrees ? squares / (values.length - lostDegrees) : NaN;
}
