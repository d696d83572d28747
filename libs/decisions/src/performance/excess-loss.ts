import type { LossName } from '../statistics/row-losses.js';
import { lossOfRow } from '../statistics/row-losses.js';
import { jackknifeOf } from './block-jackknife.js';
import type { IntervalEstimate, OutcomeColumns } from './block-jackknife.js';

/**
 * Error given the input: the mean loss less what the reference's loss model expects of these very inputs, with its interval
 * over blocks. Moved inputs alone leave it near zero; above zero the same inputs mean other outcomes than they did: the concept.
 * @param expected loss that the reference expects of each row (`expectedLossesOf`)
 */
export function excessLossOf(loss: LossName, { predictions, labels, blocks }: OutcomeColumns, expected: readonly number[], alpha: number): IntervalEstimate {
  const losses = labels.map((label, row) => lossOfRow(loss, predictions[row] ?? NaN, label));
  return jackknifeOf({ predictions: losses, labels: expected, blocks }, (measured, given) => measured.reduce((sum, each, row) => sum + each - (given[row] ?? NaN), 0) / measured.length, alpha);
}
