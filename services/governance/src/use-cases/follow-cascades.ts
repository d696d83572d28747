import { allowedStepTimeMs, movesDataOnly, stepAwaitedAfter, stepsAnsweredBy } from '@millrace/decisions';
import type { CascadeStep } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { dataOf } from '../store/audit-entry.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import type { LoggedRecord } from './audit-entry-of.js';
import { followDeadLetters } from './follow-dead-letters.js';

/** Before a pipeline's first version is active its command may take this long. */
const DEFAULT_COMMAND_TIME_MS = 3_600_000;

interface BegunStep extends CascadeStep {
  readonly record: LoggedRecord;
  readonly pipeline: string | null;
  readonly dueAt: Date | null;
}

/** Notes in each event's cascade that it came, which steps it ends and which one it begins. */
export async function followCascades(tx: Tx, logged: readonly LoggedRecord[], stepTimeMs: number): Promise<void> {
  await moveCascades(tx, logged);
  const events = logged.map((record) => ({ record, data: dataOf(record) }));
  const begun = events.flatMap(({ record, data }) => {
    const step = stepAwaitedAfter(record.entry.type, data);
    return step ? [{ ...step, record }] : [];
  });
  if (begun.length > 0) await beginSteps(tx, await withDeadlines(tx, begun, stepTimeMs));
  const answers = events.flatMap(({ record, data }) => stepsAnsweredBy(record.entry.type, data));
  if (answers.length > 0) await answerSteps(tx, answers);
  await followDeadLetters(tx, logged);
}

/** One row per cascade and batch, as a statement may touch a row once; in one order, so that two batches never wait for each other. */
async function moveCascades(tx: Tx, logged: readonly LoggedRecord[]): Promise<void> {
  await tx.query(
    `insert into cascades as c (correlation, project, pipeline, first_type, last_type, started_at, last_at, events, decides)
     select correlation, (array_agg(project order by time))[1], (array_agg(pipeline order by time) filter (where pipeline is not null))[1],
            (array_agg(type order by time, n))[1], (array_agg(type order by time desc, n desc))[1], min(time), max(time), count(*), bool_or(decides)
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::boolean[]) with ordinality as t (correlation, project, pipeline, type, time, decides, n)
     group by correlation order by correlation
     on conflict (correlation) do update set
       pipeline = coalesce(c.pipeline, excluded.pipeline),
       first_type = case when excluded.started_at < c.started_at then excluded.first_type else c.first_type end,
       last_type = case when excluded.last_at >= c.last_at then excluded.last_type else c.last_type end,
       started_at = least(c.started_at, excluded.started_at),
       last_at = greatest(c.last_at, excluded.last_at),
       events = c.events + excluded.events,
       decides = c.decides or excluded.decides`,
    [
      logged.map(({ entry }) => entry.correlation),
      logged.map(({ entry }) => entry.project),
      logged.map(({ facets }) => facets.pipeline),
      logged.map(({ entry }) => entry.type),
      logged.map(({ entry }) => entry.time),
      logged.map(({ entry }) => !movesDataOnly(entry.type)),
    ],
  );
}

async function withDeadlines(tx: Tx, begun: readonly (CascadeStep & { record: LoggedRecord })[], stepTimeMs: number): Promise<BegunStep[]> {
  const pipelines = await tx.findMany(PipelineRow);
  return begun.map((step) => {
    const { facets } = step.record;
    const pipeline = facets.pipeline ?? pipelines.find(({ dataSets }) => facets.dataSet !== null && dataSets.includes(facets.dataSet))?.pipeline ?? null;
    const commandTimeMs = pipelines.find((row) => row.pipeline === pipeline)?.commandTimeMs ?? DEFAULT_COMMAND_TIME_MS;
    const allowedMs = allowedStepTimeMs(step.pace, stepTimeMs, commandTimeMs);
    return { ...step, pipeline, dueAt: allowedMs === null ? null : new Date(tx.now.getTime() + allowedMs) };
  });
}

async function beginSteps(tx: Tx, begun: readonly BegunStep[]): Promise<void> {
  const steps = latestOf(begun);
  await tx.query(
    `insert into cascade_steps as s (entity, after, event_id, correlation, project, pipeline, pipeline_version, since, due_at)
     select entity, after, event_id, correlation, project, pipeline, pipeline_version, $9, due_at
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::timestamptz[])
       as t (entity, after, event_id, correlation, project, pipeline, pipeline_version, due_at)
     order by entity, after
     on conflict (entity, after) do update set
       event_id = excluded.event_id, correlation = excluded.correlation, project = excluded.project, pipeline = excluded.pipeline,
       pipeline_version = excluded.pipeline_version, since = excluded.since, due_at = excluded.due_at`,
    [
      steps.map(({ entity }) => entity),
      steps.map(({ after }) => after),
      steps.map(({ record }) => record.entry.id),
      steps.map(({ record }) => record.entry.correlation),
      steps.map(({ record }) => record.entry.project),
      steps.map(({ pipeline }) => pipeline),
      steps.map(({ record }) => record.entry.pipelineVersion),
      steps.map(({ dueAt }) => dueAt),
      tx.now,
    ],
  );
}

async function answerSteps(tx: Tx, answers: readonly { entity: string; after: string }[]): Promise<void> {
  const steps = latestOf(answers);
  await tx.query(
    `insert into cascade_steps as s (entity, after, since, answered_at)
     select entity, after, $3, $3 from unnest($1::text[], $2::text[]) as t (entity, after)
     order by entity, after
     on conflict (entity, after) do update set answered_at = coalesce(s.answered_at, excluded.answered_at)`,
    [steps.map(({ entity }) => entity), steps.map(({ after }) => after), tx.now],
  );
}

/** One of each step: the last. */
function latestOf<S extends { entity: string; after: string }>(steps: readonly S[]): S[] {
  return [...new Map(steps.map((step) => [`${step.after} ${step.entity}`, step])).values()];
}
