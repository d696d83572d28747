const FILL_SHARE = 0.0001;
const FILL_RATIO = 1e6;

/**
 * Population stability index between two histograms over the same bins: sum (r - c) ln(r / c) of shares.
 * Empty bins are filled with a small share on each side, as Evidently does; NaN when one side is empty.
 */
export function psiOf(reference: readonly number[], current: readonly number[]): number {
  const r = filled(sharesOf(reference));
  const c = filled(sharesOf(current));
  return sumOver(r, c, (p, q) => (p - q) * Math.log(p / q));
}

/** Kullback-Leibler divergence reference || current in nats, empty bins filled as in `psiOf`, both sides renormalised. */
export function kullbackLeiblerOf(reference: readonly number[], current: readonly number[]): number {
  const r = sharesOf(filled(sharesOf(reference)));
  const c = sharesOf(filled(sharesOf(current)));
  return sumOver(r, c, (p, q) => p * Math.log(p / q));
}

/** Jensen-Shannon divergence in nats, between 0 and ln 2; NaN when one side is empty. */
export function jensenShannonDivergenceOf(reference: readonly number[], current: readonly number[]): number {
  return sumOver(sharesOf(reference), sharesOf(current), (p, q) => {
    const middle = (p + q) / 2;
    return ((p > 0 ? p * Math.log(p / middle) : 0) + (q > 0 ? q * Math.log(q / middle) : 0)) / 2;
  });
}

/** Jensen-Shannon distance: the square root of the divergence, natural logarithm (at most 0.8326). */
export function jensenShannonOf(reference: readonly number[], current: readonly number[]): number {
  return Math.sqrt(Math.max(0, jensenShannonDivergenceOf(reference, current)));
}

/** Largest distance between the cumulative shares of two histograms over the same ordered bins. */
export function ksDistanceOfCounts(reference: readonly number[], current: readonly number[]): number {
  return cumulativeGaps(reference, current).reduce((largest, gap) => Math.max(largest, Math.abs(gap)), 0);
}

/** Earth mover's distance between two histograms over the same ordered bins, in units of one bin. */
export function wassersteinOfCounts(reference: readonly number[], current: readonly number[]): number {
  return cumulativeGaps(reference, current).reduce((sum, gap) => sum + Math.abs(gap), 0);
}

function cumulativeGaps(reference: readonly number[], current: readonly number[]): number[] {
  const r = sharesOf(reference);
  const c = sharesOf(current);
  let gap = 0;
  return r.map((share, i) => (gap += share - (c[i] ?? 0)));
}

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

function filled(shares: readonly number[]): number[] {
  const smallest = shares.reduce((least, share) => (share > 0 ? Math.min(least, share) : least), Infinity);
  const fill = smallest <= FILL_SHARE ? smallest / FILL_RATIO : FILL_SHARE;
  return shares.map((share) => (share === 0 ? fill : share));
}

function sumOver(r: readonly number[], c: readonly number[], term: (p: number, q: number) => number): number {
  return r.reduce((sum, p, i) => sum + term(p, c[i] ?? 0), 0);
}
