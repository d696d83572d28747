import type { ReadTx } from '@millrace/runtime';
import { metricOf } from './describe-runs.js';
import type { TrackingArguments } from './tracking-arguments.js';
import { invalidArgument, optionalText, requiredText, runIdOf, wholeNumberOf } from './tracking-arguments.js';
import { trackedRunById } from './tracked-runs.js';

const mostPerPage = 25_000;

/** Every logged value of one metric, in order of step and time; the page token is the place of the last value (keyset, stable under inserts). */
export async function getMetricHistory(tx: ReadTx, args: TrackingArguments): Promise<object> {
  const { runId } = await trackedRunById(tx, runIdOf(args));
  const key = requiredText(args, 'metric_key', 250);
  const take = Math.min(wholeNumberOf(args, 'max_results', mostPerPage), mostPerPage);
  const after = placeOf(optionalText(args, 'page_token'));
  const rows = await tx.query<{ key: string; value: number; timestamp: number; step: number }>(
    `select key, value, timestamp, step from tracking_metrics
     where run_id = $1 and key = $2 and (step, timestamp, value) > ($3, $4, $5::double precision)
     order by step, timestamp, value limit $6`,
    [runId, key, ...after, take],
  );
  const last = rows.at(-1);
  const next = last && rows.length === take ? { next_page_token: tokenOf([last.step, last.timestamp, last.value]) } : {};
  return { metrics: rows.map(metricOf), ...next };
}

function placeOf(token: string | undefined): [number, number, number | string] {
  if (token === undefined) return [-Number.MAX_SAFE_INTEGER, 0, '-Infinity'];
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as [number, number, number];
  } catch {
    throw invalidArgument('Invalid page token');
  }
}

function tokenOf([step, timestamp, value]: [number, number, number]): string {
  return Buffer.from(JSON.stringify([step, timestamp, Number.isFinite(value) ? value : String(value)])).toString('base64url');
}
