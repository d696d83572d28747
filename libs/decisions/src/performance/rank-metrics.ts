/**
 * Area under the precision-recall curve as average precision: the sum over distinct scores, highest first, of
 * (recall gained) * (precision there). No interpolation, ties are one step (scikit-learn's `average_precision_score`).
 * NaN without a positive label.
 */
export function averagePrecisionOf(scores: readonly number[], labels: readonly number[]): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const positives = labels.reduce((sum, label) => sum + (label > 0.5 ? 1 : 0), 0);
  let hits = 0;
  let area = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let gained = 0;
    while (end < order.length && scores[order[end] ?? 0] === score) {
      if ((labels[order[end] ?? 0] ?? 0) > 0.5) gained += 1;
      end += 1;
    }
    hits += gained;
    area += (gained / positives) * (hits / end);
    start = end;
  }
  return positives === 0 ? NaN : area;
}
