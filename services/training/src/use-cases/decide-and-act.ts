import type { TriggerAnswer, TriggerDecision, TriggerSituation } from '@millrace/decisions';
import { decideTrigger } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import type { PipelineRow } from '../store/pipeline.row.js';
import type { TriggerState } from '../store/trigger.row.js';
import { TriggerRow } from '../store/trigger.row.js';
import { placeHold } from './place-hold.js';
import { reactionOf, triggerSituationOf } from './trigger-situation.js';
import { joinWaitingRun, wantRun } from './want-run.js';

const stateAfter: Record<TriggerDecision, TriggerState> = {
  train: 'training',
  'wait-for-labels': 'waiting-for-labels',
  hold: 'held',
  ignore: 'ignored',
  'ask-a-person': 'asks-a-person',
};

/**
 * Decides about a trigger and does what follows. One that waits keeps waiting while it would be ignored (a rollout or a
 * run came between), and says something only when its decision changes. The caller holds the pipeline's lock.
 */
export async function decideAndAct(tx: Tx, pipeline: PipelineRow, trigger: TriggerRow, age: 'new' | 'waiting'): Promise<TriggerRow> {
  const situation = await triggerSituationOf(tx, pipeline, trigger);
  const answer = decideTrigger(signalOf(trigger), situation);
  const state = stateAfter[answer.decision];
  const keepsWaiting = state === trigger.state || (state === 'ignored' && trigger.cause !== 'person');
  if (age === 'waiting' && keepsWaiting) {
    return saved(tx, { ...trigger, maturedRows: situation.maturedRows, waitingSince: trigger.waitingSince ?? timeOf(situation.nowMs) });
  }
  const decided = { ...trigger, state, because: answer.because, maturedRows: situation.maturedRows, waitingSince: trigger.waitingSince ?? timeOf(situation.nowMs) };
  const causationId = announce(tx, pipeline, decided, answer);
  const next = { ...decided, cascade: { ...decided.cascade, causationId } };
  if (answer.decision === 'hold' && asksToHold(next, pipeline)) await placeHold(tx, next);
  if (answer.decision === 'train') return saved(tx, await wantRun(tx, pipeline, next));
  if (answer.decision === 'ignore') await joinWaitingRun(tx, next);
  return saved(tx, next);
}

/** A trigger that makes a hold, in contrast to one that is held by another's. */
function asksToHold(trigger: TriggerRow, { definition }: PipelineRow): boolean {
  return reactionOf(trigger, definition) === 'hold';
}

function signalOf({ cause, diagnosis, changePoint, modelVersion }: TriggerRow): Parameters<typeof decideTrigger>[0] {
  return { cause, diagnosis, changePointMs: changePoint?.getTime() ?? null, modelVersion };
}

function announce(tx: Tx, pipeline: PipelineRow, trigger: TriggerRow, { decision, because }: TriggerAnswer): string {
  const data = {
    pipeline: trigger.pipeline,
    trigger: trigger.trigger,
    cause: trigger.cause,
    decision,
    incident: trigger.incident,
    changePoint: trigger.changePoint?.toISOString() ?? null,
    maturedRows: trigger.maturedRows,
    neededRows: trigger.neededRows,
    because,
  };
  return tx.emit('millrace.training.trigger.decided.v1', data, { ...trigger.cascade, pipelineVersion: pipeline.version });
}

async function saved(tx: Tx, trigger: TriggerRow): Promise<TriggerRow> {
  await tx.save(TriggerRow, trigger);
  return trigger;
}

function timeOf(ms: TriggerSituation['nowMs']): Date | null {
  return ms === null ? null : new Date(ms);
}
