import { blockEstimateOf, lowerBoundOf, upperBoundOf } from '../statistics/block-estimate.js';
import { normalQuantile } from '../statistics/normal-distribution.js';
import type { Finding } from '../evaluation/finding.js';
import { atLeast, finiteOrNull, readable } from '../evaluation/finding.js';
import type { PairedBlock } from '../evaluation/paired-blocks.js';
import { gainBlocksOf } from '../evaluation/paired-blocks.js';

export interface AnalysisDecision {
  verdict: 'pass' | 'fail' | 'inconclusive';
  because: Finding[];
  /** Predictions and blocks that were judged. */
  predictions: number;
  blocks: number;
}

export interface ShadowPolicy {
  /** Labelled predictions answered by both versions before anything is said. */
  predictions: number;
  minimumBlocks: number;
  /** Loss per row by which the new version may be worse. */
  margin: number;
  alpha: number;
}

/**
 * Judges a version in shadow (or in its bake time against its predecessor in shadow): both answered the same requests, whose
 * labels matured. It passes when it is with confidence worse by no more than the margin, fails when it is with confidence worse
 * by more, and is inconclusive otherwise: without evidence there is no pass.
 */
export function decideShadow(pairs: readonly PairedBlock[], policy: ShadowPolicy): AnalysisDecision {
  const estimate = blockEstimateOf(gainBlocksOf(pairs));
  const thin: Finding[] = [
    atLeast('labelled-predictions', estimate.rows, policy.predictions),
    atLeast('blocks', estimate.blocks, Math.max(2, policy.minimumBlocks)),
  ];
  const lowest = lowerBoundOf(estimate, policy.alpha);
  const highest = upperBoundOf(estimate, policy.alpha);
  const passed = lowest > -policy.margin || (lowest === 0 && policy.margin === 0);
  const finding: Finding = {
    check: 'not-worse-than-the-other-version',
    passed,
    measured: finiteOrNull(lowest),
    bound: -policy.margin,
    blocks: estimate.blocks,
    rows: estimate.rows,
    detail: `Mean gain ${readable(estimate.mean)}, with confidence ${readable(1 - policy.alpha)} between ${readable(lowest)} and ${readable(highest)}`,
  };
  const judged = thin.every((check) => check.passed);
  const verdict = !judged ? 'inconclusive' : passed ? 'pass' : highest < -policy.margin ? 'fail' : 'inconclusive';
  return { verdict, because: [...thin, finding], predictions: estimate.rows, blocks: estimate.blocks };
}

/** What one side of a canary did. */
export interface ServedTraffic {
  predictions: number;
  errors: number;
  /** 99th percentile of the time to answer, in milliseconds; null when unknown. */
  latencyP99Ms: number | null;
}

export interface CanaryPolicy {
  /** Predictions that the new version must have served in this step. */
  predictions: number;
  /** Share of failed predictions by which the new version may be worse. */
  errorMargin: number;
  /** The new version's p99 may be so many times the other's, plus a floor below which latency is nobody's concern. */
  latencyRatio: number;
  latencyFloorMs: number;
  alpha: number;
}

/**
 * Judges a canary step by what shadow cannot show: errors and latency under real load. A breach fails at once when it is
 * beyond chance; a pass needs the declared number of predictions. Losses of labelled predictions, where there are some, may fail it.
 */
export function decideCanary(canary: ServedTraffic, other: ServedTraffic, labelled: AnalysisDecision | null, policy: CanaryPolicy): AnalysisDecision {
  const enough = atLeast('predictions-served', canary.predictions, policy.predictions);
  const errors = judgeErrors(canary, other, policy);
  const latency = judgeLatency(canary, other, policy);
  const losses = labelled?.verdict === 'fail' ? labelled.because.filter((finding) => !finding.passed) : [];
  const because = [enough, errors, ...(latency ? [latency] : []), ...losses];
  const size = { predictions: canary.predictions, blocks: labelled?.blocks ?? 0 };
  if (losses.length > 0 || (!errors.passed && canary.predictions > 0)) return { verdict: 'fail', because, ...size };
  if (!enough.passed) return { verdict: 'inconclusive', because, ...size };
  return { verdict: latency?.passed === false ? 'fail' : 'pass', because, ...size };
}

/** Fails when the difference of error shares exceeds the margin beyond what chance explains (one-sided, normal approximation). */
function judgeErrors(canary: ServedTraffic, other: ServedTraffic, { errorMargin, alpha }: CanaryPolicy): Finding {
  const a = shareOf(canary);
  const b = shareOf(other);
  const deviation = Math.sqrt((a * (1 - a)) / Math.max(1, canary.predictions) + (b * (1 - b)) / Math.max(1, other.predictions));
  const lowest = a - b - normalQuantile(1 - alpha) * deviation;
  return {
    check: 'share-of-errors',
    passed: lowest <= errorMargin,
    measured: finiteOrNull(a),
    bound: finiteOrNull(b + errorMargin),
    rows: canary.predictions,
    detail: `${canary.errors} of ${canary.predictions} failed, ${other.errors} of ${other.predictions} on the other version`,
  };
}

function judgeLatency(canary: ServedTraffic, other: ServedTraffic, { latencyRatio, latencyFloorMs }: CanaryPolicy): Finding | null {
  if (canary.latencyP99Ms === null || other.latencyP99Ms === null) return null;
  const bound = other.latencyP99Ms * latencyRatio + latencyFloorMs;
  return { check: 'latency-p99-ms', passed: canary.latencyP99Ms <= bound, measured: canary.latencyP99Ms, bound, rows: canary.predictions };
}

function shareOf({ errors, predictions }: ServedTraffic): number {
  return predictions > 0 ? errors / predictions : 0;
}
