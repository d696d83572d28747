/**
 * Share of the paths from (0, 0) to (n, n) that touch a line x - y = +-h: the exact probability that the two-sample
 * Kolmogorov-Smirnov statistic of two samples of n rows is at least h / n (Gnedenko and Korolyuk 1951; Horner's form, which does not cancel).
 */
export function outsideSquareProbability(n: number, h: number): number {
  let probability = 0;
  for (let k = Math.floor(n / h); k >= 0; k -= 1) {
    let share = 1;
    for (let j = 0; j < h; j += 1) share = ((n - k * h - j) * share) / (n + k * h + j + 1);
    probability = share * (1 - probability);
  }
  return 2 * probability;
}

/**
 * The same for samples of m and n rows, h / lcm(m, n) being the statistic: Hodges' recursion (1958) column by column over the share
 * of paths that have left the band |x/m - y/n| < h / lcm, of which only a sliding window is kept.
 * @param divisor greatest common divisor of m and n
 */
export function outsideBandProbability(m: number, n: number, divisor: number, h: number): number {
  const [long, short] = m >= n ? [m, n] : [n, m];
  const longStep = long / divisor;
  const shortStep = short / divisor;
  let from = 0;
  let to = Math.min(Math.ceil(h / longStep), short + 1);
  const column = new Float64Array(Math.min(2 * to + 2, short + 1)).fill(1);
  column.fill(0, 0, to);
  for (let i = 1; i <= long; i += 1) {
    const [lastFrom, lastLength] = [from, to - from];
    from = Math.min(Math.max(Math.floor((shortStep * i - h) / longStep) + 1, 0), short);
    to = Math.min(Math.ceil((shortStep * i + h) / longStep), short + 1);
    if (to <= from) return 1;
    let value = from === 0 ? 0 : 1;
    for (let j = from; j < to; j += 1) {
      value = ((column[j - lastFrom] ?? 0) * i + value * j) / (i + j);
      column[j - from] = value;
    }
    column.fill(1, to - from, to - from + Math.max(0, lastLength - (to - from)));
  }
  return column[to - from - 1] ?? NaN;
}
