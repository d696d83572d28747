import type { Tx } from '@millrace/runtime';
import { activeRun } from './tracked-runs.js';
import type { TrackingArguments } from './tracking-arguments.js';
import { invalidArgument, listOf, numberOf, optionalText, requiredText, wholeNumberOf } from './tracking-arguments.js';

const longestKey = 250;
const mostMetrics = 1000;
const mostPairs = 100;

export async function logMetric(tx: Tx, args: TrackingArguments): Promise<object> {
  await logMetrics(tx, (await activeRun(tx, args)).runId, [args]);
  return {};
}

export async function logParam(tx: Tx, args: TrackingArguments): Promise<object> {
  await logParams(tx, (await activeRun(tx, args)).runId, [args]);
  return {};
}

export async function setTag(tx: Tx, args: TrackingArguments): Promise<object> {
  await logTags(tx, (await activeRun(tx, args)).runId, [args]);
  return {};
}

export async function deleteTag(tx: Tx, args: TrackingArguments): Promise<object> {
  await tx.query('delete from tracking_tags where run_id = $1 and key = $2', [(await activeRun(tx, args)).runId, requiredText(args, 'key')]);
  return {};
}

/** Metrics, params and tags at once, all or nothing. */
export async function logBatch(tx: Tx, args: TrackingArguments): Promise<object> {
  const [metrics, params, tags] = [listOf(args, 'metrics'), listOf(args, 'params'), listOf(args, 'tags')];
  const all = metrics.length + params.length + tags.length;
  if (metrics.length > mostMetrics || params.length > mostPairs || tags.length > mostPairs || all > mostMetrics) {
    throw invalidArgument(`A batch logging request can contain at most ${mostMetrics} metrics, ${mostPairs} params, ${mostPairs} tags and ${mostMetrics} in all.`);
  }
  const { runId } = await activeRun(tx, args);
  await logMetrics(tx, runId, metrics);
  await logParams(tx, runId, params);
  await logTags(tx, runId, tags);
  return {};
}

async function logMetrics(tx: Tx, runId: string, metrics: readonly TrackingArguments[]): Promise<void> {
  if (metrics.length === 0) return;
  await tx.query(
    `insert into tracking_metrics (run_id, key, value, timestamp, step)
     select $1, key, value, timestamp, step from unnest($2::text[], $3::double precision[], $4::bigint[], $5::bigint[]) as logged (key, value, timestamp, step)
     on conflict do nothing`,
    [
      runId,
      metrics.map((metric) => requiredText(metric, 'key', longestKey)),
      metrics.map((metric) => numberOf(metric, 'value')),
      metrics.map((metric) => wholeNumberOf(metric, 'timestamp', tx.now.getTime())),
      metrics.map((metric) => wholeNumberOf(metric, 'step', 0)),
    ],
  );
}

/** A param keeps its first value; logging the same again is fine. */
async function logParams(tx: Tx, runId: string, params: readonly TrackingArguments[]): Promise<void> {
  for (const param of params) {
    const key = requiredText(param, 'key', longestKey);
    const value = valueOf(param, 6000);
    await tx.query('insert into tracking_params (run_id, key, value) values ($1, $2, $3) on conflict do nothing', [runId, key, value]);
    const [stored] = await tx.query<{ value: string }>('select value from tracking_params where run_id = $1 and key = $2', [runId, key]);
    if (stored && stored.value !== value) {
      throw invalidArgument(`Changing param values is not allowed. Param with key='${key}' was already logged with value='${stored.value}' for run ID='${runId}'. Attempted logging new value '${value}'.`);
    }
  }
}

export async function logTags(tx: Tx, runId: string, tags: readonly TrackingArguments[]): Promise<void> {
  const latest = new Map(tags.map((tag) => [requiredText(tag, 'key', longestKey), valueOf(tag, 8000)]));
  if (latest.size === 0) return;
  await tx.query(
    `insert into tracking_tags (run_id, key, value) select $1, key, value from unnest($2::text[], $3::text[]) as logged (key, value)
     on conflict (run_id, key) do update set value = excluded.value`,
    [runId, [...latest.keys()], [...latest.values()]],
  );
}

function valueOf(pair: TrackingArguments, longest: number): string {
  const value = optionalText(pair, 'value') ?? '';
  if (value.length > longest) throw invalidArgument(`The value of '${String(pair['key'])}' exceeds the maximum length of ${longest} characters`);
  return value;
}
