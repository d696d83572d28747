import { blockEstimateOf, lowerBoundOf, upperBoundOf } from '../statistics/block-estimate.js';
import type { BlockEstimate, ValueBlock } from '../statistics/block-estimate.js';
import { bootstrapLowerBoundOf } from '../statistics/block-bootstrap.js';
import type { Finding } from './finding.js';
import { finiteOrNull, readable } from './finding.js';
import type { GatePolicy } from './gate-policy.js';
import type { PairedBlock } from './paired-blocks.js';
import { gainBlocksOf } from './paired-blocks.js';

export interface LossComparison {
  finding: Finding;
  estimate: BlockEstimate;
  lowerBound: number;
  /** True when there were fewer blocks than the policy asks for: then nothing was shown. */
  tooThin: boolean;
}

/**
 * Whether the mean gain of challenger over champion lies above `bound`, with confidence 1 - alpha, one-sided.
 * A bound below zero asks for non-inferiority. `measured` is the lower confidence bound of the gain.
 */
export function compareLosses(
  blocks: readonly PairedBlock[],
  policy: Pick<GatePolicy, 'minimumBlocks' | 'method' | 'alpha'> & { check: string; bound: number },
): LossComparison {
  const gains = gainBlocksOf(blocks);
  const estimate = blockEstimateOf(gains);
  const lowerBound = lowerBoundBy(policy.method, gains, estimate, policy.alpha);
  const tooThin = estimate.blocks < Math.max(2, policy.minimumBlocks);
  return {
    estimate,
    lowerBound,
    tooThin,
    finding: {
      check: policy.check,
      passed: !tooThin && lowerBound > policy.bound,
      measured: finiteOrNull(lowerBound),
      bound: policy.bound,
      blocks: estimate.blocks,
      rows: estimate.rows,
      detail: tooThin
        ? `Only ${estimate.blocks} blocks, ${Math.max(2, policy.minimumBlocks)} are needed: cannot say`
        : sentence(estimate, lowerBound, policy),
    },
  };
}

/** Whether nothing shows, with confidence 1 - alpha, that the challenger is worse: what a small hold-out can say before a gain is shown elsewhere. */
export function notSurelyWorse(blocks: readonly PairedBlock[], { alpha }: Pick<GatePolicy, 'alpha'>): Pick<LossComparison, 'finding' | 'tooThin'> {
  const estimate = blockEstimateOf(gainBlocksOf(blocks));
  const upperBound = upperBoundOf(estimate, alpha);
  const detail = `Mean gain ${readable(estimate.mean)}, with confidence ${readable(1 - alpha)} at most ${readable(upperBound)}; the gain is to be shown in shadow`;
  const finding = { check: 'not-surely-worse-on-recent-hold-out', passed: !(upperBound < 0), measured: finiteOrNull(upperBound), bound: 0, blocks: estimate.blocks, rows: estimate.rows, detail };
  return { finding, tooThin: false };
}

function lowerBoundBy(method: GatePolicy['method'], gains: readonly ValueBlock[], estimate: BlockEstimate, alpha: number): number {
  return method.kind === 't' ? lowerBoundOf(estimate, alpha) : bootstrapLowerBoundOf(gains, alpha, method);
}

function sentence(estimate: BlockEstimate, lowerBound: number, policy: { alpha: number; method: GatePolicy['method'] }): string {
  const effective = Number.isNaN(estimate.effectiveRows) ? '' : `, worth ${Math.round(estimate.effectiveRows)} independent rows`;
  return (
    `Mean gain ${readable(estimate.mean)} over ${estimate.rows} rows in ${estimate.blocks} blocks${effective}; ` +
    `with confidence ${readable(1 - policy.alpha)} at least ${readable(lowerBound)} (${policy.method.kind} over blocks)`
  );
}
