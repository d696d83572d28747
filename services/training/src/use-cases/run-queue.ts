import type { QueuedRun } from '@millrace/contracts';
import { decideQueue, projectBudgetOf } from '@millrace/decisions';
import type { BegunRun, ProjectBudget, QueueDecision, QueueSituation, TriggerCause, WantedRun } from '@millrace/decisions';
import type { ReadTx, Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import type { PipelineRow } from '../store/pipeline.row.js';
import { RunRow, statesUnderWay } from '../store/run.row.js';
import { requestRun } from './request-run.js';

/** What the platform allows, whatever pipelines declare. */
export interface QueueRules {
  mostUnderWay: number;
  longestQueueMs: number;
  /** By project; `*` for every other one. */
  projectBudgets: Readonly<Record<string, ProjectBudget>>;
}

interface WantedRow {
  run: string;
  pipeline: string;
  cause: TriggerCause;
  urgent: boolean;
  estimated_loss_per_day: number;
  requested_at: Date;
  event_time: Date | null;
}

/** Everything that decides whose turn it is. */
export async function queueSituationOf(tx: ReadTx, { mostUnderWay, longestQueueMs, projectBudgets }: QueueRules): Promise<QueueSituation> {
  const rows = await tx.query<WantedRow>(
    `select r.run, r.pipeline, r.cause, r.urgent, r.estimated_loss_per_day, r.requested_at,
            case when s.watermark is null or l.watermark is null then null else least(s.watermark, l.watermark) end as event_time
     from runs r join pipelines p using (pipeline)
     left join data_sets s on s.data_set = p.definition->'predict'->>'dataSet'
     left join data_sets l on l.data_set = p.definition->'label'->>'dataSet'
     where r.state = 'waiting-for-turn'`,
  );
  const wanted = rows.map(wantedRun);
  const budgets = await budgetsOf(tx, [...new Set(wanted.map(({ project }) => project))], projectBudgets);
  const underWay = await tx.query<{ n: number }>(`select count(*)::int as n from runs where state = any($1)`, [statesUnderWay]);
  return { wanted, begun: await begunRuns(tx, budgets, wanted), budgets, underWay: underWay[0]?.n ?? 0, mostUnderWay, nowMs: tx.now.getTime(), longestQueueMs };
}

function wantedRun({ run, pipeline, cause, urgent, estimated_loss_per_day, requested_at, event_time }: WantedRow): WantedRun {
  return { run, project: projectOf(pipeline), cause, urgent, estimatedLossPerDay: estimated_loss_per_day, wantedAtMs: requested_at.getTime(), eventTimeMs: event_time?.getTime() ?? null };
}

async function budgetsOf(tx: ReadTx, projects: readonly string[], ofPlatform: QueueRules['projectBudgets']): Promise<Record<string, ProjectBudget>> {
  if (projects.length === 0) return {};
  const declared = await tx.query<{ project: string; reactions: PipelineRow['definition']['reactions'] }>(
    `select split_part(pipeline, '/', 1) as project, definition->'reactions' as reactions from pipelines
     where split_part(pipeline, '/', 1) = any($1) and (definition->'reactions' ? 'projectRuns' or definition->'reactions' ? 'projectRunTime')`,
    [projects],
  );
  return Object.fromEntries(projects.map((project) => {
    const { runs, runTime } = ofPlatform[project] ?? ofPlatform['*'] ?? { runs: null, runTime: null };
    const platform = { ...(runs ? { projectRuns: runs } : {}), ...(runTime ? { projectRunTime: runTime } : {}) };
    return [project, projectBudgetOf([platform, ...declared.filter((each) => each.project === project).map(({ reactions }) => reactions)])];
  }));
}

/** Runs that count against any of the budgets. */
async function begunRuns(tx: ReadTx, budgets: Record<string, ProjectBudget>, wanted: readonly WantedRun[]): Promise<BegunRun[]> {
  const longestMs = Math.max(0, ...Object.values(budgets).flatMap(({ runs, runTime }) => [runs?.perMs ?? 0, runTime?.perMs ?? 0]));
  const earliestMs = Math.min(...wanted.flatMap(({ eventTimeMs }) => eventTimeMs ?? []));
  if (longestMs === 0 || !Number.isFinite(earliestMs)) return [];
  const rows = await tx.query<{ pipeline: string; cause: TriggerCause; as_of: Date; command_ms: number }>(
    `select pipeline, cause, as_of, coalesce(extract(epoch from (coalesce(ended_at, $2) - started_at)) * 1000, 0)::float8 as command_ms from runs where as_of > $1`,
    [new Date(earliestMs - longestMs), tx.now],
  );
  return rows.map(({ pipeline, cause, as_of, command_ms }) => ({ project: projectOf(pipeline), cause, asOfMs: as_of.getTime(), commandMs: command_ms }));
}

/** Asks for the training set of a run if it is still its turn; false when it is not. One instance at a time decides. */
export async function takeTurn(tx: Tx, run: string, rules: QueueRules): Promise<boolean> {
  await tx.lockKey('run-queue');
  const { next } = decideQueue(await queueSituationOf(tx, rules));
  if (next !== run) return false;
  await requestRun(tx, run);
  return true;
}

/** Says once that a run has to wait, in which place, and for what. */
export async function tellQueued(tx: Tx, { run, position, because }: QueueDecision['waiting'][number]): Promise<void> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  if (row.state !== 'waiting-for-turn' || row.toldPosition !== null) return;
  const { pipeline, trigger, cause, incident, estimatedLossPerDay, cascade } = row;
  const causationId = tx.emit('millrace.training.run.queued.v1', { pipeline, run, trigger, cause, incident, position, estimatedLossPerDay, because }, cascade);
  await tx.save(RunRow, { ...row, toldPosition: position, because, cascade: { ...cascade, causationId } });
}

/** The queue as it stands, the next run first. */
export async function listQueuedRuns(tx: ReadTx, rules: QueueRules): Promise<{ underWay: number; runsUnderWay: number; queued: QueuedRun[] }> {
  const situation = await queueSituationOf(tx, rules);
  const { next, waiting } = decideQueue(situation);
  const ordered = [...(next === null ? [] : [{ run: next, because: [] }]), ...waiting];
  const rows = await tx.findMany(RunRow, { where: { run: In(ordered.map(({ run }) => run)) } });
  const byRun = new Map(rows.map((row) => [row.run, row]));
  const queued = ordered.flatMap(({ run, because }, index) => {
    const row = byRun.get(run);
    if (!row) return [];
    const { pipeline, trigger, cause, incident, estimatedLossPerDay, requestedAt } = row;
    return [{ run, pipeline, trigger, cause, incident, position: index + 1, estimatedLossPerDay, wantedAt: requestedAt.toISOString(), because }];
  });
  return { underWay: situation.underWay, runsUnderWay: rules.mostUnderWay, queued };
}

function projectOf(pipeline: string): string {
  return pipeline.slice(0, pipeline.indexOf('/'));
}
