/** One bin of a reliability diagram: predictions in (from, to], the first bin also 0. */
export interface CalibrationBin {
  from: number;
  to: number;
  rows: number;
  meanPrediction: number;
  /** Share of label 1. */
  meanLabel: number;
}

const BINS = 10;

/** Reliability diagram over equally wide bins, those without rows left out (scikit-learn's `calibration_curve`, uniform). */
export function calibrationBinsOf(probabilities: readonly number[], labels: readonly number[], bins = BINS): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, predictions: 0, labels: 0 }));
  probabilities.forEach((probability, row) => {
    const sum = sums[binOf(probability, bins)];
    if (!sum) return;
    sum.rows += 1;
    sum.predictions += probability;
    sum.labels += labels[row] ?? NaN;
  });
  return sums.flatMap(({ rows, predictions, labels: positives }, bin) =>
    rows === 0 ? [] : [{ from: bin / bins, to: (bin + 1) / bins, rows, meanPrediction: predictions / rows, meanLabel: positives / rows }],
  );
}

/** Expected calibration error: mean over rows of |mean label - mean prediction| of the row's bin; 0 for a calibrated model. NaN without rows. */
export function calibrationErrorOf(probabilities: readonly number[], labels: readonly number[], bins = BINS): number {
  const gaps = calibrationBinsOf(probabilities, labels, bins).map(({ rows, meanLabel, meanPrediction }) => rows * Math.abs(meanLabel - meanPrediction));
  return probabilities.length === 0 ? NaN : gaps.reduce((sum, gap) => sum + gap, 0) / probabilities.length;
}

/** The number of inner edges that lie below the value. */
function binOf(probability: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.max(0, Math.floor(probability * bins)));
  while (bin > 0 && probability <= bin / bins) bin -= 1;
  return bin;
}
