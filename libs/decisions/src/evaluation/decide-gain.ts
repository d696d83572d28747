import type { GainProof } from '@millrace/contracts';
import { meanOf } from '../statistics/moments.js';
import type { ValueBlock } from '../statistics/block-estimate.js';
import { evidenceOfGain } from './evidence-of-gain.js';
import type { Finding } from './finding.js';
import { atLeast, finiteOrNull, readable } from './finding.js';
import { gainBlocksOf } from './paired-blocks.js';
import type { PairedBlock } from './paired-blocks.js';

/** Means of fewer blocks are too far from normal for the evidence to mean what it says. */
const FEWEST_BLOCKS = 6;
/** Standard errors by which neighbours must be alike before blocks are joined, and the blocks that this needs. */
const ALIKE_DEVIATIONS = 1.64;
const FEWEST_TO_COMPARE = 12;
/** So many times the predictions that were asked for, and no gain shown: there is none worth waiting for. */
const PATIENCE = 4;

export interface GainDecision {
  verdict: 'pass' | 'fail' | 'inconclusive';
  because: Finding[];
  predictions: number;
  blocks: number;
}

/**
 * Whether a version gains more than `atLeast` per row over the one that serves, on requests that both answered after it was trained.
 * May be asked as often as evidence grows: a version that does not is passed with a probability of at most alpha over all looks together
 * (`evidenceOfGain`), and one that surely does not fails. With a bound below zero the measured gain has to be above zero as well.
 * Blocks whose neighbours are alike are joined until they are not. What is not shown by four times the predictions asked for fails.
 * @param pairs whole blocks in the order of their time
 * @param predictions labelled predictions before anything is said
 */
export function decideGain(pairs: readonly PairedBlock[], { predictions, proof }: { predictions: number; proof: Pick<GainProof, 'alpha' | 'atLeast'> }): GainDecision {
  const blocks = gainBlocksOf(pairs);
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const mean = blocks.reduce((sum, block) => sum + block.sum, 0) / rows;
  const beyond = joinedWhileAlike(blocks.map(({ sum, rows: ofBlock }: ValueBlock) => sum - proof.atLeast * ofBlock));
  const [evidence, against] = [evidenceOfGain(beyond), evidenceOfGain(beyond.map((value) => -value))];
  const thin = [atLeast('labelled-predictions', rows, predictions), atLeast('blocks', beyond.length, FEWEST_BLOCKS)];
  const shown: Finding = {
    check: 'gain-on-later-requests',
    passed: evidence >= 1 / proof.alpha && (proof.atLeast >= 0 || mean > 0),
    measured: finiteOrNull(evidence),
    bound: 1 / proof.alpha,
    blocks: beyond.length,
    rows,
    detail: `Mean gain ${readable(mean)} per row; evidence (e-value) that it is above ${readable(proof.atLeast)}, against it ${readable(against)}`,
  };
  const judged = thin.every(({ passed }) => passed);
  const isOver = against >= 1 / proof.alpha || rows >= PATIENCE * Math.max(1, predictions);
  const verdict = !judged ? 'inconclusive' : shown.passed ? 'pass' : isOver ? 'fail' : 'inconclusive';
  return { verdict, because: [...thin, shown], predictions: rows, blocks: blocks.length };
}

/** Neighbours that resemble one another say less than their number: two become one, until the correlation of neighbours is gone. */
function joinedWhileAlike(values: readonly number[]): number[] {
  let joined = [...values];
  while (joined.length >= FEWEST_TO_COMPARE && correlationOfNeighbours(joined) > ALIKE_DEVIATIONS / Math.sqrt(joined.length)) {
    joined = Array.from({ length: Math.floor(joined.length / 2) }, (_, i) => (joined[2 * i] ?? 0) + (joined[2 * i + 1] ?? 0));
  }
  return joined;
}

function correlationOfNeighbours(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const products = values.slice(1).reduce((sum, value, i) => sum + (value - mean) * ((values[i] ?? 0) - mean), 0);
  return squares > 0 ? products / squares : 0;
}
