import type { EvaluationCompleted, Finding, ModelVersionRejected, Pipeline } from '@millrace/contracts';
import { gatePolicyOf } from '../evaluation/gate-policy-of.js';
import { judgeGate } from '../evaluation/judge-gate.js';

/** Largest difference allowed between the trainer's own answers and those of the file that will be served. */
const PARITY_TOLERANCE = 1e-4;

/** What stands when a version is registered. */
export interface RegistrationSituation {
  /** The version that serves now; null when none does. */
  champion: number | null;
  /** Challengers compared with the present champion before this one. */
  earlierTries: number;
}

/** What becomes of a newly registered version. */
export interface ModelVersionDecision {
  next: { stage: 'approved' | 'awaiting-approval' } | { stage: 'rejected'; verdict: Exclude<ModelVersionRejected['verdict'], 'person'> };
  because: Finding[];
}

/**
 * Judges a new version by what the platform measured on sealed rows: gates first, then who approves. A version that was
 * compared with another champion than the present one cannot be judged, since nothing is known against the present one.
 */
export function decideModelVersion(
  evaluation: Pick<EvaluationCompleted, 'champion' | 'holdOuts' | 'parity'>,
  pipeline: Pick<Pipeline, 'evaluation' | 'approval'>,
  situation: RegistrationSituation,
): ModelVersionDecision {
  const compared = evaluation.champion?.modelVersion ?? null;
  if (compared !== situation.champion) return { next: { stage: 'rejected', verdict: 'cannot-say' }, because: [championChanged(compared, situation.champion)] };
  const policy = gatePolicyOf(pipeline.evaluation, situation.earlierTries + 1);
  const { verdict, because } = judgeGate({ holdOuts: evaluation.holdOuts, parity: evaluation.parity, parityTolerance: PARITY_TOLERANCE }, policy);
  if (verdict !== 'better') return { next: { stage: 'rejected', verdict }, because };
  const approver = situation.champion === null ? pipeline.approval.firstVersion : pipeline.approval.next;
  return { next: { stage: approver === 'automatic' ? 'approved' : 'awaiting-approval' }, because };
}

function championChanged(compared: number | null, champion: number | null): Finding {
  return {
    check: 'compared-with-the-present-champion',
    passed: false,
    measured: compared,
    bound: champion,
    detail: `It was compared with ${named(compared)}, and ${named(champion)} serves now`,
  };
}

function named(version: number | null): string {
  return version === null ? 'no version' : `version ${version}`;
}
