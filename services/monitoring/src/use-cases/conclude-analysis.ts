import type { AnalysisDecision, PairedBlock, ServedTraffic } from '@millrace/decisions';
import { decideCanary, decideGain, decideShadow } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { AnalysisRow } from '../store/analysis.row.js';

const ALPHA = 0.05;
const MINIMUM_BLOCKS = 3;
const ERROR_MARGIN = 0.01;
const LATENCY_RATIO = 2;
const LATENCY_FLOOR_MS = 20;

/** What was read for an analysis. */
export interface AnalysisEvidence {
  /** Versions of the tables it was read from. */
  judgedWith: string;
  /** Predictions are known up to this event time; null before the first. */
  knownUntil: Date | null;
  /** Matured requests that both versions answered, by block. */
  pairs: PairedBlock[];
  canary: ServedTraffic;
  other: ServedTraffic;
}

/**
 * Judges a rollout's step on what is known by now. A verdict is told once it stands; inconclusive evidence is told again
 * only when it grew by a block, since deployment decides how long to wait for better.
 */
export async function concludeAnalysis(tx: Tx, { rollout, step }: AnalysisRow, evidence: AnalysisEvidence): Promise<void> {
  const row = await tx.lock(AnalysisRow, { rollout, step }, 'rollout-not-found');
  if (row.state !== 'open') return;
  const decision = lastingLongEnough(row, evidence.knownUntil, decisionOf(row, evidence));
  const told = decision.verdict !== 'inconclusive' || (isEnough(row, decision) && decision.blocks > row.blocks);
  await tx.save(AnalysisRow, {
    ...row,
    judgedWith: evidence.judgedWith,
    because: decision.because,
    verdict: decision.verdict,
    blocks: told ? decision.blocks : row.blocks,
    state: decision.verdict === 'inconclusive' ? 'open' : 'closed',
  });
  if (!told) return;
  const { pipeline, modelVersion, phase } = row;
  tx.emit('millrace.monitoring.analysis.completed.v1', { pipeline, rollout, modelVersion, phase, step, ...decision });
}

function decisionOf({ phase, needs, previousModelVersion }: AnalysisRow, { pairs, canary, other }: AnalysisEvidence): AnalysisDecision {
  if (needs.proof) return decideGain(pairs, { predictions: needs.predictions, proof: needs.proof });
  const labelled = decideShadow(pairs, { predictions: needs.predictions, minimumBlocks: MINIMUM_BLOCKS, margin: needs.margin, alpha: ALPHA });
  const policy = { predictions: needs.predictions, errorMargin: ERROR_MARGIN, latencyRatio: LATENCY_RATIO, latencyFloorMs: LATENCY_FLOOR_MS, alpha: ALPHA };
  // A canary, and a bake without a shadow of the version before: only what was served can be judged.
  if (phase === 'canary' || previousModelVersion === null || needs.predictions === 0) return decideCanary(canary, other, pairs.length > 0 ? labelled : null, policy);
  return labelled;
}

/** A step that has to last (a bake time) is not passed before, however good it looks; it may fail at any time. */
function lastingLongEnough({ needs, countsFrom }: AnalysisRow, knownUntil: Date | null, decision: AnalysisDecision): AnalysisDecision {
  const bound = needs.durationMs ?? 0;
  const measured = knownUntil && countsFrom ? Math.max(0, knownUntil.getTime() - countsFrom.getTime()) : null;
  if (decision.verdict !== 'pass' || measured === null || measured >= bound) return decision;
  return { ...decision, verdict: 'inconclusive', because: [...decision.because, { check: 'event-time-of-the-step-ms', passed: false, measured, bound }] };
}

/** Whether the evidence is what the step asked for, so that `inconclusive` is news and not only impatience. */
function isEnough({ needs }: AnalysisRow, { predictions, blocks, because }: AnalysisDecision): boolean {
  const isOver = because.every(({ check }) => check !== 'event-time-of-the-step-ms');
  return isOver && predictions >= needs.predictions && blocks >= MINIMUM_BLOCKS;
}
