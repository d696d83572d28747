/**
 * The error level that the n-th try at the same gate may spend. The levels of all tries together never exceed `alpha`
 * (6 / (pi^2 n^2), whose sum over n is 1): asking until chance says yes does not help.
 * @param tryNumber 1 for the first try
 */
export function alphaOfTry(alpha: number, tryNumber: number): number {
  return (alpha * 6) / (Math.PI ** 2 * Math.max(1, tryNumber) ** 2);
}
