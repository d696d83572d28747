const SCALE = 2 ** 128;

/**
 * Probability that the Kolmogorov-Smirnov statistic of n rows is at most x, by Pomeranz' recursion (1974): 2n + 1 rows, each the
 * convolution of the one before with Poisson weights, only the few entries between the bounds kept.
 */
export function pomeranzProbability(n: number, x: number): number {
  const whole = Math.floor(n * x);
  const rest = n * x - whole;
  const g = Math.min(rest, 1 - rest);
  const width = 2 * (whole + 1);
  const weights = { ends: poissonWeights(g / n, width), odd: poissonWeights((2 * g) / n, width), even: poissonWeights((1 - 2 * g) / n, width) };
  let row: Float64Array = new Float64Array(width);
  row[0] = 1;
  let exponent = 0;
  let start = 0;
  let [lowest] = boundsOf(0, n, whole, rest);
  for (let i = 1; i < 2 * n + 2; i += 1) {
    const [from, to] = boundsOf(i, n, whole, rest);
    const factors = i === 1 || i === 2 * n + 1 ? weights.ends : i % 2 === 1 ? weights.odd : weights.even;
    const next = convolved(row, factors, { skip: lowest - start, from: from - lowest, length: to - from + 1, terms: to - lowest + 1 }, width);
    const largest = next.reduce((max, value) => Math.max(max, value), 0);
    if (largest > 0 && largest < 1 / SCALE) {
      for (let j = 0; j < width; j += 1) next[j] = (next[j] ?? 0) * SCALE;
      exponent -= 128;
    }
    row = next;
    start = from;
    lowest = from;
  }
  return timesFactorial(row[n - start] ?? 0, n, exponent);
}

/** The first and last column that row i can reach. */
function boundsOf(i: number, n: number, whole: number, rest: number): [number, number] {
  const ceiling = rest > 0 ? 1 : 0;
  const rounded = rest > 0.5 ? 1 : 0;
  const half = Math.floor((i + 1) / 2);
  const even = (i + 1) % 2 === 0;
  const [low, high] =
    i === 0 ? [-whole - ceiling - 1, whole + ceiling - 1]
    : even && half === n + 1 ? [n - whole - ceiling - 1, n + whole + ceiling - 1]
    : even ? [half - 1 - whole - rounded - 1, half + whole - 1 + ceiling - 1]
    : [half - 1 - whole - 1, half + whole + rounded - 1];
  return [Math.max(low + 2, 0), Math.min(high, n)];
}

function poissonWeights(mean: number, length: number): Float64Array {
  const weights = new Float64Array(length);
  weights[0] = 1;
  for (let m = 1; m < length; m += 1) weights[m] = ((weights[m - 1] ?? 0) * mean) / m;
  return weights;
}

function convolved(row: Float64Array, factors: Float64Array, window: { skip: number; from: number; length: number; terms: number }, width: number): Float64Array {
  const next = new Float64Array(width);
  for (let j = 0; j < window.length; j += 1) {
    const target = window.from + j;
    let sum = 0;
    for (let k = 0; k <= Math.min(target, window.terms - 1); k += 1) sum += (row[window.skip + k] ?? 0) * (factors[target - k] ?? 0);
    next[j] = sum;
  }
  return next;
}

function timesFactorial(value: number, n: number, exponent: number): number {
  let product = value;
  let scaled = exponent;
  for (let m = 1; m <= n; m += 1) {
    if (Math.abs(product) > SCALE) {
      product /= SCALE;
      scaled += 128;
    }
    product *= m;
  }
  return product * 2 ** scaled;
}
