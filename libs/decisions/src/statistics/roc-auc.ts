/**
 * Area under the ROC curve: the probability that a row with label 1 scores higher than one with label 0, ties counting half.
 * NaN unless both labels occur.
 */
export function rocAucOf(scores: readonly number[], labels: readonly number[]): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    const score = scores[order[start] ?? 0];
    while (end < order.length && scores[order[end] ?? 0] === score) end += 1;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i += 1) {
      if ((labels[order[i] ?? 0] ?? 0) > 0.5) {
        positives += 1;
        rankSum += rank;
      }
    }
    start = end;
  }
  const negatives = scores.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
