import type { ModelVersionApproved } from '@millrace/contracts';
import { rolloutPlanOf } from '@millrace/decisions';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { RolloutRow } from '../store/rollout.row.js';
import { lockRoute } from './change-route.js';
import { beginNextRollout } from './follow-decision.js';

/** An approved version is rolled out, at once or when the rollout that is open has ended. Errors: `pipeline-not-found` while the pipeline is not active here. */
export async function openRollout(tx: Tx, approved: ModelVersionApproved): Promise<void> {
  const { pipeline, modelVersion, run, model, signed, serving, learnedTo, asksAfterShadow } = approved;
  const route = await lockRoute(tx, pipeline);
  const { definition } = await tx.get(PipelineRow, { pipeline }, 'pipeline-not-found');
  const { correlationId, causationId, pipelineVersion } = cascadeOf(tx.cause);
  await tx.insert(RolloutRow, {
    rollout: `${definition.project}/ro-${tx.newId()}`,
    pipeline,
    modelVersion,
    state: 'waiting',
    plan: { ...rolloutPlanOf(definition), ...(learnedTo ? { learnedTo } : {}), ...(asksAfterShadow ? { asksAfterShadow } : {}) },
    candidate: { modelVersion, run, model, signed, serving },
    previous: null,
    at: -1,
    pausedBy: null,
    inconclusive: 0,
    steps: [],
    because: [],
    cascade: { correlationId, causationId, ...(pipelineVersion === undefined ? {} : { pipelineVersion }) },
    createdAt: tx.now,
    stepEnteredAt: null,
    endedAt: null,
  });
  await beginNextRollout(tx, route);
}
