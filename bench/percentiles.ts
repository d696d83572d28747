export interface Percentiles {
  p50: number;
  p99: number;
}

/** Nearest-rank percentiles; NaN of an empty list. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** `p50 5.6 ms, p99 11 ms` */
export function millisecondsText({ p50, p99 }: Percentiles): string {
  return `p50 ${rounded(p50)} ms, p99 ${rounded(p99)} ms`;
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}
