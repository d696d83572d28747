import type { EvaluationCompleted, ModelVersionRejected, RolloutCompleted, RolloutRolledBack, RolloutStarted, RunCancelled, RunCompleted, RunFailed, RunRequested } from '@millrace/contracts';
import type { LoopFact } from '@millrace/decisions';
import { isEvent } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { LoopFactRow } from '../store/loop-fact.row.js';

/** Keeps what happened in a pipeline's loop for its KPIs, with the time at which its event was made: events of several services come here late and in any order. */
export async function keepFact(tx: Tx, pipeline: string, fact: LoopFact): Promise<void> {
  const at = isEvent(tx.cause) ? new Date(tx.cause.time) : tx.now;
  await tx.insert(LoopFactRow, { id: tx.newId(), pipeline, at, fact });
}

export function factOfRequest({ run, cause, asOf }: RunRequested): LoopFact {
  return { fact: 'run-requested', run, cause, asOf };
}

export function factOfCompletion({ run, durationMs }: RunCompleted): LoopFact {
  return { fact: 'run-completed', run, durationMs };
}

export function factOfFailure({ run }: RunFailed): LoopFact {
  return { fact: 'run-failed', run };
}

export function factOfCancellation({ run }: RunCancelled): LoopFact {
  return { fact: 'run-cancelled', run };
}

export function factOfEvaluation({ run, holdOuts }: EvaluationCompleted): LoopFact {
  return { fact: 'run-evaluated', run, recent: holdOuts.find(({ kind }) => kind === 'recent')?.blocks ?? [] };
}

export function factOfRejection({ run, verdict }: ModelVersionRejected): LoopFact {
  return { fact: 'version-rejected', run, verdict };
}

export function factOfRollout({ run, modelVersion, previous }: RolloutCompleted): LoopFact {
  return { fact: 'rollout-completed', run, modelVersion, previousModelVersion: previous?.modelVersion ?? null };
}

export function factOfRolloutStart({ run, modelVersion }: RolloutStarted): LoopFact {
  return { fact: 'rollout-started', run, modelVersion };
}

export function factOfRollBack({ modelVersion }: RolloutRolledBack): LoopFact {
  return { fact: 'rolled-back', modelVersion };
}
