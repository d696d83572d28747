import type { EstimatedLoss } from '@millrace/contracts';
import { meanOf } from '../statistics/moments.js';
import type { LossWindow } from './loss-window.js';

const DAY_MS = 86_400_000;

export interface LossEvidence {
  /** Windows of the reference with outcomes. */
  usual: readonly Pick<LossWindow, 'meanLoss'>[];
  /** Windows since the change point whose outcomes are final. */
  matured: readonly Pick<LossWindow, 'meanLoss' | 'rows'>[];
  /** Largest share of rows, over the columns that moved, that lie elsewhere than the reference's. */
  shifted: number;
  /** Predictions in the newest window, and its length. */
  rows: number;
  windowMs: number;
}

/**
 * What a change costs a day while nothing is done about it, in usual losses: by the losses of matured predictions since it began; before
 * there are any, by the share of rows that moved, as if each of them lost twice as much as usual. It orders runs that queue, nothing else.
 */
export function estimatedLossOf({ usual, matured, shifted, rows, windowMs }: LossEvidence): EstimatedLoss {
  const usualLoss = meanOf(usual.map(({ meanLoss }) => meanLoss));
  const counted = matured.filter((window) => window.rows > 0 && Number.isFinite(window.meanLoss));
  const isMeasured = counted.length > 0 && usualLoss > 0;
  const loss = counted.reduce((sum, window) => sum + window.meanLoss * window.rows, 0) / counted.reduce((sum, window) => sum + window.rows, 0);
  const perPrediction = isMeasured ? Math.max(0, loss / usualLoss - 1) : Math.min(1, Math.max(0, shifted));
  const predictionsPerDay = (rows * DAY_MS) / windowMs;
  return { perPrediction, predictionsPerDay, perDay: perPrediction * predictionsPerDay, basis: isMeasured ? 'measured' : 'moved-inputs' };
}
