/** How many means of neighbours stand for the samples: neighbours resemble each other, their means hardly. */
const blocks = 12;

export interface Slope {
  slope: number;
  /** Standard error. */
  error: number;
}

/** Least squares over the means of twelve blocks of neighbouring samples. NaN of fewer samples than blocks. */
export function slopeOf(x: readonly number[], y: readonly number[]): Slope {
  const size = Math.floor(x.length / blocks);
  const meansOf = (values: readonly number[]): number[] => Array.from({ length: blocks }, (_, block) => meanOf(values.slice(block * size, (block + 1) * size)));
  const [xs, ys] = [meansOf(x), meansOf(y)];
  const [xMean, yMean] = [meanOf(xs), meanOf(ys)];
  const spread = sum(xs.map((value) => (value - xMean) ** 2));
  const slope = sum(xs.map((value, index) => (value - xMean) * ((ys[index] ?? NaN) - yMean))) / spread;
  const rest = sum(xs.map((value, index) => ((ys[index] ?? NaN) - yMean - slope * (value - xMean)) ** 2));
  return { slope, error: Math.sqrt(rest / (blocks - 2) / spread) };
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
