import type { Pipeline } from '@millrace/contracts';
import type { Maturity, ServingReaction, TriggerCause, TriggerSituation } from '@millrace/decisions';
import { fewestTrainingRows, firstToAsk, isSignal, maturityOf, rowsToTryAgain, servingReactionOf, trainingLagMsOf } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { DataSetDayRow } from '../store/data-set-day.row.js';
import { DataSetRow } from '../store/data-set.row.js';
import { HoldRow } from '../store/hold.row.js';
import type { PipelineRow } from '../store/pipeline.row.js';
import type { RunState } from '../store/run.row.js';
import { RunRow, statesUnderWay } from '../store/run.row.js';
import { TriggerRow } from '../store/trigger.row.js';

export const openRunStates: RunState[] = ['waiting-for-turn', ...statesUnderWay, 'evaluated'];

/** Everything the decision about a trigger looks at, read in the transaction that will act on it. */
export async function triggerSituationOf(tx: Tx, row: PipelineRow, trigger: TriggerRow): Promise<TriggerSituation> {
  const { training, reactions } = row.definition;
  const holds = await tx.findMany(HoldRow, { where: { pipeline: row.pipeline, state: 'open' } });
  const { maturity, nowMs } = await maturityOfPipeline(tx, row, trigger.changePoint);
  return {
    phase: row.rolloutOpen ? 'open' : 'none',
    champion: row.champion?.modelVersion ?? null,
    openHolds: holds.map(({ incident }) => incident),
    openRun: await openRunOf(tx, row, trigger),
    reaction: reactionOf(trigger, row.definition),
    nowMs,
    maturedRows: maturity.rows,
    neededRows: training.minimumMaturedRows,
    trainable: { rows: maturity.trainableRows, needed: fewestTrainingRows(row.definition) },
    waitingSinceMs: trigger.waitingSince?.getTime() ?? null,
    labelDeadlineMs: training.labelDeadlineMs,
    lastRunMs: row.lastRunAt?.getTime() ?? null,
    coolDownMs: reactions.coolDownMs,
    signalRunsMs: reactions.runs ? await signalRunsOf(tx, row) : [],
    runBudget: reactions.runs ?? null,
    rowsToTryAgain: rowsToTryAgain(row.definition),
    lastRefusal: row.lastRefusal,
    retried: trigger.retried,
  };
}

/** What the pipeline wants done about this trigger; who asks on purpose, or for a first version, wants a run. */
export function reactionOf({ cause, diagnosis }: Pick<TriggerRow, 'cause' | 'diagnosis'>, { reactions }: Pick<Pipeline, 'reactions'>): ServingReaction {
  return cause === 'drift' || cause === 'performance' ? servingReactionOf({ kind: cause, diagnosis }, reactions) : 'retrain';
}

/** Event times of the runs that signals started, those that wait for their turn as if it came now. */
async function signalRunsOf(tx: Tx, { pipeline }: PipelineRow): Promise<number[]> {
  const runs = await tx.query<{ cause: TriggerCause; as_of: Date | null }>(`select cause, as_of from runs where pipeline = $1 and as_of is not null`, [pipeline]);
  return runs.flatMap(({ cause, as_of }) => (isSignal(cause) && as_of ? [as_of.getTime()] : []));
}

export async function maturityOfPipeline(tx: Tx, { definition }: PipelineRow, changePoint: Date | null): Promise<{ maturity: Maturity; nowMs: number | null }> {
  const [spine, label] = await Promise.all([publishedOf(tx, definition.predict.dataSet), publishedOf(tx, definition.label.dataSet)]);
  const maturesAfterMs = definition.label.maturesAfterMs;
  const maturity = maturityOf({ spine, label, maturesAfterMs, changePointMs: changePoint?.getTime() ?? null, trainingLagMs: trainingLagMsOf(definition) });
  return { maturity, nowMs: maturity.horizonMs === null ? null : maturity.horizonMs + maturesAfterMs };
}

async function publishedOf(tx: Tx, dataSet: string): Promise<{ days: DataSetDayRow[]; watermarkMs: number }> {
  const published = await tx.find(DataSetRow, { dataSet });
  const days = await tx.findMany(DataSetDayRow, { where: { dataSet }, order: { day: 'ASC' } });
  return { days, watermarkMs: published?.watermark?.getTime() ?? -Infinity };
}

/** A person is kept back by a run only; a signal also by what waits and asks before it. */
async function openRunOf(tx: Tx, { pipeline }: PipelineRow, trigger: TriggerRow): Promise<string | null> {
  const [run] = await tx.findMany(RunRow, { where: { pipeline, state: In(openRunStates) }, take: 1 });
  if (run || trigger.cause === 'person') return run?.run ?? null;
  const waiting = await tx.findMany(TriggerRow, { where: { pipeline, state: In(['waiting-for-labels', 'held']) }, order: { createdAt: 'ASC' } });
  const asking = waiting.some((other) => other.trigger === trigger.trigger) ? waiting : [...waiting, trigger];
  const first = firstToAsk(asking, ({ changePoint }) => changePoint?.getTime() ?? null);
  return first && first.trigger !== trigger.trigger ? first.trigger : null;
}
