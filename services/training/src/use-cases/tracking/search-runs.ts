import type { ReadTx } from '@millrace/runtime';
import { TrackedRunRow } from '../../store/tracked-run.row.js';
import { describeRuns } from './describe-runs.js';
import { orderSqlOf } from './run-order.js';
import { parseRunFilter } from './run-filter.js';
import { whereSqlOf } from './run-filter-sql.js';
import type { TrackingArguments } from './tracking-arguments.js';
import { invalidArgument, optionalText, wholeNumberOf } from './tracking-arguments.js';

const standardResults = 1000;
const mostResults = 50_000;

/** Runs of experiments by MLflow's filter and order, a page at a time. */
export async function searchRuns(tx: ReadTx, args: TrackingArguments): Promise<object> {
  const take = Math.min(wholeNumberOf(args, 'max_results', standardResults), mostResults);
  const offset = offsetOf(optionalText(args, 'page_token'));
  const parameters: unknown[] = [experimentIdsOf(args)];
  const conditions = ['runs.experiment_id = any($1::bigint[])', viewOf(args)];
  for (const comparison of parseRunFilter(optionalText(args, 'filter') ?? '')) conditions.push(whereSqlOf(comparison, parameters));
  const order = orderSqlOf(args['order_by'], parameters);
  const found = await tx.query<{ run_id: string }>(
    `select runs.run_id from tracking_runs runs where ${conditions.join(' and ')} order by ${order} limit ${take + 1} offset ${offset}`,
    parameters,
  );
  const page = found.slice(0, take);
  const rows = await Promise.all(page.map(({ run_id }) => tx.get(TrackedRunRow, { runId: run_id })));
  const next = found.length > take ? { next_page_token: Buffer.from(JSON.stringify({ offset: offset + take })).toString('base64') } : {};
  return { runs: await describeRuns(tx, rows), ...next };
}

function experimentIdsOf(args: TrackingArguments): number[] {
  const ids = args['experiment_ids'];
  return Array.isArray(ids) ? ids.map(Number).filter(Number.isSafeInteger) : [];
}

function viewOf(args: TrackingArguments): string {
  const view = optionalText(args, 'run_view_type') ?? 'ACTIVE_ONLY';
  if (view === 'ALL') return 'true';
  return view === 'DELETED_ONLY' ? `runs.lifecycle_stage = 'deleted'` : `runs.lifecycle_stage = 'active'`;
}

function offsetOf(token: string | undefined): number {
  if (token === undefined) return 0;
  try {
    const { offset } = JSON.parse(Buffer.from(token, 'base64').toString()) as { offset: unknown };
    if (Number.isSafeInteger(offset) && (offset as number) >= 0) return offset as number;
  } catch {
    // falls through to the same answer
  }
  throw invalidArgument('Invalid page token');
}
