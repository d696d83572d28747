import type { TriggerSituation } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { HoldRow } from '../store/hold.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { RunRow } from '../store/run.row.js';
import type { TriggerRow } from '../store/trigger.row.js';

/** Opens a run and asks the feature store for its training set. The pipeline's definition is frozen in the run. */
export async function requestRun(tx: Tx, pipeline: PipelineRow, trigger: TriggerRow, { nowMs, maturedRows }: TriggerSituation): Promise<TriggerRow> {
  const run = `${pipeline.definition.project}/run-${tx.newId()}`;
  const asOf = nowMs === null ? tx.now : new Date(nowMs);
  const lifted = await tx.findMany(HoldRow, { where: { pipeline: pipeline.pipeline, state: 'lifted' }, order: { placedAt: 'ASC' } });
  const data = {
    pipeline: pipeline.pipeline,
    run,
    trigger: trigger.trigger,
    cause: trigger.cause,
    changePoint: trigger.changePoint?.toISOString() ?? null,
    asOf: asOf.toISOString(),
    excluded: lifted.flatMap(({ excluded }) => excluded ?? []),
    champion: pipeline.champion,
  };
  const causationId = tx.emit('millrace.training.run.requested.v1', data, { ...trigger.cascade, pipelineVersion: pipeline.version });
  await tx.insert(RunRow, {
    ...newRun,
    run,
    pipeline: pipeline.pipeline,
    definition: pipeline.definition,
    pipelineVersion: pipeline.version,
    trigger: trigger.trigger,
    cause: trigger.cause,
    changePoint: trigger.changePoint,
    maturedRows,
    champion: pipeline.champion,
    because: trigger.because,
    cascade: { ...trigger.cascade, causationId, pipelineVersion: pipeline.version },
    requestedAt: tx.now,
  });
  await tx.save(PipelineRow, { ...pipeline, lastRunAt: asOf });
  return { ...trigger, run };
}

const newRun = {
  state: 'waiting-for-training-set',
  attempt: 0,
  trainingSet: null,
  process: null,
  environment: null,
  model: null,
  parity: null,
  metrics: {},
  holdOuts: [],
  startedAt: null,
  endedAt: null,
} as const satisfies Partial<RunRow>;
