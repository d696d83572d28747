const SWEEPS = 60;
const SMALLEST_RATIO = 1e-10;

/** Inverse of a symmetric matrix (row by row) by Jacobi's rotations, and whether it is singular: an eigenvalue below 1e-10 of the largest. */
export function inverseOfSymmetric(matrix: readonly number[], size: number): { inverse: number[]; isSingular: boolean } {
  const values = [...matrix];
  const vectors = Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let p = 0; p < size; p += 1) for (let q = p + 1; q < size; q += 1) rotate(values, vectors, size, p, q);
  }
  const eigenvalues = Array.from({ length: size }, (_, i) => values[i * size + i] ?? 0);
  const largest = eigenvalues.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const inverse = Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    return eigenvalues.reduce((sum, value, k) => sum + ((vectors[row * size + k] ?? 0) * (vectors[column * size + k] ?? 0)) / value, 0);
  });
  return { inverse, isSingular: eigenvalues.some((value) => !(Math.abs(value) > SMALLEST_RATIO * largest)) };
}

/** Turns the plane of rows p and q so that the entry between them becomes zero. */
function rotate(values: number[], vectors: number[], size: number, p: number, q: number): void {
  const between = values[p * size + q] ?? 0;
  if (between === 0) return;
  const theta = ((values[q * size + q] ?? 0) - (values[p * size + p] ?? 0)) / (2 * between);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const turn = (list: number[], a: number, b: number): void => {
    const [x, y] = [list[a] ?? 0, list[b] ?? 0];
    list[a] = c * x - s * y;
    list[b] = s * x + c * y;
  };
  for (let k = 0; k < size; k += 1) turn(values, k * size + p, k * size + q);
  for (let k = 0; k < size; k += 1) turn(values, p * size + k, q * size + k);
  for (let k = 0; k < size; k += 1) turn(vectors, k * size + p, k * size + q);
}
