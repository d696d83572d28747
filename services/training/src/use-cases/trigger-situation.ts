import type { Maturity, TriggerSituation } from '@millrace/decisions';
import { maturityOf } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { In, LessThanOrEqual, Not } from 'typeorm';
import { DataSetDayRow } from '../store/data-set-day.row.js';
import { DataSetRow } from '../store/data-set.row.js';
import { HoldRow } from '../store/hold.row.js';
import type { PipelineRow } from '../store/pipeline.row.js';
import type { RunState } from '../store/run.row.js';
import { RunRow } from '../store/run.row.js';
import { TriggerRow } from '../store/trigger.row.js';

const openRunStates: RunState[] = ['waiting-for-training-set', 'queued', 'running', 'trained', 'evaluated'];

/** Everything the decision about a trigger looks at, read in the transaction that will act on it. */
export async function triggerSituationOf(tx: Tx, row: PipelineRow, trigger: TriggerRow): Promise<TriggerSituation> {
  const { training, reactions } = row.definition;
  const holds = await tx.findMany(HoldRow, { where: { pipeline: row.pipeline, state: 'open' } });
  const { maturity, nowMs } = await maturityOfPipeline(tx, row, trigger.changePoint);
  return {
    phase: row.rolloutOpen ? 'open' : 'none',
    openHolds: holds.map(({ incident }) => incident),
    openRun: await openRunOf(tx, row, trigger),
    reaction: trigger.cause === 'performance' ? reactions.performance : trigger.cause === 'drift' ? reactions.drift : 'retrain',
    nowMs,
    maturedRows: maturity.rows,
    neededRows: training.minimumMaturedRows,
    waitingSinceMs: trigger.waitingSince?.getTime() ?? null,
    labelDeadlineMs: training.labelDeadlineMs,
    lastRunMs: row.lastRunAt?.getTime() ?? null,
    coolDownMs: reactions.coolDownMs,
    lastRefusal: row.lastRefusal,
    retried: trigger.retried,
  };
}

async function maturityOfPipeline(tx: Tx, { definition }: PipelineRow, changePoint: Date | null): Promise<{ maturity: Maturity; nowMs: number | null }> {
  const [spine, label] = await Promise.all([publishedOf(tx, definition.predict.dataSet), publishedOf(tx, definition.label.dataSet)]);
  const maturesAfterMs = definition.label.maturesAfterMs;
  const maturity = maturityOf({ spine, label, maturesAfterMs, changePointMs: changePoint?.getTime() ?? null });
  return { maturity, nowMs: maturity.horizonMs === null ? null : maturity.horizonMs + maturesAfterMs };
}

async function publishedOf(tx: Tx, dataSet: string): Promise<{ days: DataSetDayRow[]; watermarkMs: number }> {
  const published = await tx.find(DataSetRow, { dataSet });
  const days = await tx.findMany(DataSetDayRow, { where: { dataSet }, order: { day: 'ASC' } });
  return { days, watermarkMs: published?.watermark?.getTime() ?? -Infinity };
}

/** A person is kept back by a run only; a signal joins what is under way, or what has waited longer. */
async function openRunOf(tx: Tx, { pipeline }: PipelineRow, { trigger, cause, createdAt }: TriggerRow): Promise<string | null> {
  const [run] = await tx.findMany(RunRow, { where: { pipeline, state: In(openRunStates) }, take: 1 });
  if (run || cause === 'person') return run?.run ?? null;
  const [waiting] = await tx.findMany(TriggerRow, {
    where: { pipeline, state: In(['waiting-for-labels', 'held']), trigger: Not(trigger), createdAt: LessThanOrEqual(createdAt) },
    order: { createdAt: 'ASC' },
    take: 1,
  });
  return waiting?.trigger ?? null;
}
