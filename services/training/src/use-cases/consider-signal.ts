import type { TriggerSignal } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { cascadeOf } from '@millrace/runtime';
import type { PipelineRow } from '../store/pipeline.row.js';
import type { TriggerRow } from '../store/trigger.row.js';
import { decideAndAct } from './decide-and-act.js';

/** A reason to train, as events and people bring it. */
export interface Signal {
  cause: TriggerSignal['cause'];
  diagnosis: TriggerSignal['diagnosis'];
  /** Event time. */
  changePoint: Date | null;
  incident: string | null;
  /** Absent: it is about no version. */
  modelVersion?: number;
  /** As monitoring estimates it; absent: nobody knows. */
  estimatedLossPerDay?: number;
}

/** Files a signal as a trigger and decides about it. The caller holds the pipeline's lock. */
export async function considerSignal(tx: Tx, pipeline: PipelineRow, signal: Signal): Promise<TriggerRow> {
  const cascade = cascadeOf(tx.cause);
  const trigger: TriggerRow = {
    trigger: `${pipeline.definition.project}/tr-${tx.newId()}`,
    pipeline: pipeline.pipeline,
    ...signal,
    modelVersion: signal.modelVersion ?? null,
    estimatedLossPerDay: (signal.estimatedLossPerDay ?? 0) * (pipeline.definition.reactions.weight ?? 1),
    state: 'waiting-for-labels',
    waitingSince: null,
    retried: false,
    maturedRows: 0,
    neededRows: pipeline.definition.training.minimumMaturedRows,
    run: null,
    because: [],
    cascade: { ...cascade, project: pipeline.definition.project, pipelineVersion: pipeline.version },
    createdAt: tx.now,
  };
  return decideAndAct(tx, pipeline, trigger, 'new');
}
