import { logGamma } from '../log-gamma.js';

const TOLERANCE = 1 + 1e-14;

/** Two-sided p-value of Fisher's exact test of a 2x2 table: the share of all tables with the same margins that are at most as probable. */
export function fisherExactPValue(hitsA: number, missesA: number, hitsB: number, missesB: number): number {
  const [sizeA, hits, rows] = [hitsA + missesA, hitsA + hitsB, hitsA + missesA + hitsB + missesB];
  if (sizeA === 0 || sizeA === rows || hits === 0 || hits === rows) return 1;
  const [low, high] = [Math.max(0, hits - (rows - sizeA)), Math.min(hits, sizeA)];
  const probabilityOf = (k: number): number =>
    Math.exp(logChoose(hits, k) + logChoose(rows - hits, sizeA - k) - logChoose(rows, sizeA));
  const mode = Math.min(high, Math.max(low, Math.floor(((sizeA + 1) * (hits + 1)) / (rows + 2))));
  const weights = new Float64Array(high - low + 1);
  weights[mode - low] = 1;
  for (let k = mode; k < high; k += 1) weights[k + 1 - low] = ((weights[k - low] ?? 0) * (hits - k) * (sizeA - k)) / ((k + 1) * (rows - hits - sizeA + k + 1));
  for (let k = mode; k > low; k -= 1) weights[k - 1 - low] = ((weights[k - low] ?? 0) * k * (rows - hits - sizeA + k)) / ((hits - k + 1) * (sizeA - k + 1));
  const observed = weights[hitsA - low] ?? 0;
  if (observed === 0) return probabilityOf(hitsA);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Math.min(1, weights.reduce((sum, weight) => (weight <= observed * TOLERANCE ? sum + weight : sum), 0) / total);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
