const SCALE = 2 ** 128;

/**
 * Probability that the Kolmogorov-Smirnov statistic of n rows is at most d: Durbin's matrix to the power n
 * (Marsaglia, Tsang and Wang 2003). Costs grow with (n d)^3 log n.
 */
export function durbinProbability(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  let base = transitionMatrix(k, k - n * d);
  let power: Float64Array = identity(size);
  let powerExponent = 0;
  let baseExponent = 0;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      power = product(power, base, size);
      powerExponent += baseExponent;
    }
    base = product(base, base, size);
    baseExponent *= 2;
    if ((base[(k - 1) * size + k - 1] ?? 0) > SCALE) {
      base = base.map((value) => value / SCALE);
      baseExponent += 128;
    }
  }
  let probability = power[(k - 1) * size + k - 1] ?? 0;
  for (let i = 1; i <= n; i += 1) {
    probability = (i * probability) / n;
    if (probability < 1 / SCALE) {
      probability *= SCALE;
      powerExponent -= 128;
    }
  }
  return probability * 2 ** powerExponent;
}

function transitionMatrix(k: number, h: number): Float64Array {
  const size = 2 * k - 1;
  const reciprocals = new Float64Array(size + 1);
  reciprocals[0] = 1;
  for (let i = 1; i <= size; i += 1) reciprocals[i] = (reciprocals[i - 1] ?? 0) / i;
  const edge = Float64Array.from({ length: size }, (_, j) => (1 - h ** (j + 1)) * (reciprocals[j + 1] ?? 0));
  edge[size - 1] = (1 + Math.max(2 * h - 1, 0) ** size - 2 * h ** size) * (reciprocals[size] ?? 0);
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 1; column <= Math.min(row + 1, size - 1); column += 1) matrix[row * size + column] = reciprocals[row + 1 - column] ?? 0;
    matrix[row * size] = edge[row] ?? 0;
  }
  for (let column = 0; column < size; column += 1) matrix[(size - 1) * size + column] = edge[size - 1 - column] ?? 0;
  return matrix;
}

function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let inner = 0; inner < size; inner += 1) {
      const factor = a[row * size + inner] ?? 0;
      for (let column = 0; column < size; column += 1) result[row * size + column] = (result[row * size + column] ?? 0) + factor * (b[inner * size + column] ?? 0);
    }
  }
  return result;
}
