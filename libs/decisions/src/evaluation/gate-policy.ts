import type { LossName } from '../statistics/row-losses.js';
import type { Parity } from './judge-parity.js';
import type { PairedBlock } from './paired-blocks.js';

/** A bound that a metric of the challenger on the recent hold-out must keep. A metric that was not computed fails. */
export interface AbsoluteGate {
  metric: string;
  atLeast?: number;
  atMost?: number;
}

export interface GatePolicy {
  loss: LossName;
  /** Chance of calling a model better that is not, over all tries together. */
  alpha: number;
  /** 1 for the first try at this gate; each further try gets a smaller share of `alpha`. */
  tryNumber: number;
  /** Fewer blocks or rows than these on the recent hold-out and the verdict is `cannot-say`. */
  minimumBlocks: number;
  minimumRows: number;
  /** The lower confidence bound of the gain must exceed this, in units of the loss; usually 0. */
  minimumGain: number;
  /** `shadow`: the recent hold-out refuses only what is surely worse; the gain is shown later, on requests that came after training. */
  gainShownIn: 'hold-out' | 'shadow';
  /** Mean loss that the challenger may lose against the champion on the pinned reference hold-out. */
  referenceMargin: number;
  method: { kind: 't' } | { kind: 'bootstrap'; resamples: number; seed: number };
  absolute: readonly AbsoluteGate[];
}

export interface HoldOutScores {
  kind: 'recent' | 'reference';
  rows: number;
  blocks: readonly PairedBlock[];
  metrics: { challenger: Readonly<Record<string, number>>; champion: Readonly<Record<string, number>> | null };
}

export interface GateInput {
  holdOuts: readonly HoldOutScores[];
  parity: Parity;
  parityTolerance: number;
}

export type GateVerdict = 'better' | 'not-better' | 'cannot-say' | 'gate-failed';
