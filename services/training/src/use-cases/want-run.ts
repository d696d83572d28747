import type { Tx } from '@millrace/runtime';
import type { PipelineRow } from '../store/pipeline.row.js';
import { RunRow } from '../store/run.row.js';
import type { TriggerRow } from '../store/trigger.row.js';
import { cancelRun } from './cancel-run.js';
import { reactionOf } from './trigger-situation.js';

/** Files a run that waits for its turn. The caller holds the pipeline's lock. */
export async function wantRun(tx: Tx, pipeline: PipelineRow, trigger: TriggerRow): Promise<TriggerRow> {
  const run = `${pipeline.definition.project}/run-${tx.newId()}`;
  await tx.insert(RunRow, {
    ...newRun,
    run,
    pipeline: pipeline.pipeline,
    definition: pipeline.definition,
    pipelineVersion: pipeline.version,
    trigger: trigger.trigger,
    cause: trigger.cause,
    incident: trigger.incident,
    estimatedLossPerDay: trigger.estimatedLossPerDay,
    urgent: trigger.cause === 'person',
    asksAfterShadow: reactionOf(trigger, pipeline.definition) === 'shadow',
    changePoint: trigger.changePoint,
    maturedRows: trigger.maturedRows,
    champion: pipeline.champion,
    because: trigger.because,
    cascade: { ...trigger.cascade, pipelineVersion: pipeline.version },
    requestedAt: tx.now,
  });
  return { ...trigger, run };
}

/** Runs of a pipeline that have not begun will not begin. The caller holds the pipeline's lock. */
export async function cancelWaitingRuns(tx: Tx, pipeline: string, because: RunRow['because'][number]): Promise<void> {
  const waiting = await tx.findMany(RunRow, { where: { pipeline, state: 'waiting-for-turn' } });
  for (const row of waiting) await cancelRun(tx, row, null, [because]);
}

/** What else asks, while a run waits for its turn, makes it more urgent: a larger loss, or a person. The caller holds the pipeline's lock. */
export async function joinWaitingRun(tx: Tx, { pipeline, cause, estimatedLossPerDay }: TriggerRow): Promise<void> {
  const waiting = await tx.lockOrNull(RunRow, { pipeline, state: 'waiting-for-turn' });
  if (!waiting) return;
  const urgent = waiting.urgent || cause === 'person';
  await tx.save(RunRow, { ...waiting, urgent, estimatedLossPerDay: Math.max(waiting.estimatedLossPerDay, estimatedLossPerDay) });
}

const newRun = {
  state: 'waiting-for-turn',
  toldPosition: null,
  attempt: 0,
  trainingSet: null,
  process: null,
  environment: null,
  model: null,
  parity: null,
  metrics: {},
  holdOuts: [],
  asOf: null,
  startedAt: null,
  endedAt: null,
} as const satisfies Partial<RunRow>;
