import { meanOf } from './moments.js';
import { quantilesOf } from './quantiles.js';
import type { LossName } from './row-losses.js';
import { lossOfRow } from './row-losses.js';

const SMALLEST_PROBABILITY = 1e-7;
const NEWTON_STEPS = 25;
const LARGEST_STEP = 2;

/**
 * Mean loss after the best shift of all predictions by one constant (on the log-odds scale for `log-loss`): what the model knows
 * apart from the general level, which may have moved since it was trained. For a constant model it is the loss of the best constant.
 */
export function levelCorrectedLossOf(loss: LossName, predictions: readonly number[], labels: readonly number[]): number {
  const shifted = loss === 'log-loss' ? shiftedProbabilities(predictions, labels) : shiftedValues(loss, predictions, labels);
  return meanOf(labels.map((label, row) => lossOfRow(loss, shifted[row] ?? NaN, label)));
}

function shiftedValues(loss: LossName, predictions: readonly number[], labels: readonly number[]): number[] {
  const residuals = labels.map((label, row) => label - (predictions[row] ?? NaN));
  const shift = loss === 'absolute-error' ? (quantilesOf(residuals, [0.5])[0] ?? NaN) : meanOf(residuals);
  return predictions.map((prediction) => prediction + shift);
}

/** Newton's method on the convex mean log loss over one shift of the log-odds. */
function shiftedProbabilities(predictions: readonly number[], labels: readonly number[]): number[] {
  const odds = predictions.map((p) => {
    const bounded = Math.min(1 - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, p));
    return Math.log(bounded / (1 - bounded));
  });
  let shift = 0;
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    const shifted = odds.map((odd) => 1 / (1 + Math.exp(-odd - shift)));
    const slope = meanOf(shifted.map((p, row) => p - (labels[row] ?? NaN)));
    const curvature = meanOf(shifted.map((p) => p * (1 - p)));
    const move = curvature > 0 ? slope / curvature : 0;
    shift -= Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, move));
  }
  return odds.map((odd) => 1 / (1 + Math.exp(-odd - shift)));
}
