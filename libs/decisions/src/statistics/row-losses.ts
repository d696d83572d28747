import { meanOf } from './moments.js';
import { quantilesOf } from './quantiles.js';

/** How wrong one prediction was; always a loss, so smaller is better. */
export type LossName = 'log-loss' | 'squared-error' | 'absolute-error';

/** Served models answer in 32-bit floats: a probability closer to 0 or 1 than this cannot be told from certainty. */
const SMALLEST_PROBABILITY = 1e-7;

/**
 * Loss of one row. For `log-loss` the prediction is the probability of label 1 and the loss is in nats;
 * for the errors both are in the label's unit (squared, or absolute).
 */
export function lossOfRow(loss: LossName, prediction: number, label: number): number {
  if (loss === 'squared-error') return (prediction - label) ** 2;
  if (loss === 'absolute-error') return Math.abs(prediction - label);
  const p = Math.min(1 - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, prediction));
  return -(label * Math.log(p) + (1 - label) * Math.log1p(-p));
}

/** The constant that has the smallest mean loss over these labels: no model that ignores its inputs can beat it. */
export function bestConstantOf(loss: LossName, labels: readonly number[]): number {
  return loss === 'absolute-error' ? (quantilesOf(labels, [0.5])[0] ?? NaN) : meanOf(labels);
}
