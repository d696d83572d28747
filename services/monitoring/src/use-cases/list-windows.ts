import type { MonitoringWindow } from '@millrace/contracts';
import { SIZE_ERROR, finiteOrNull } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { WindowRow } from '../store/window.row.js';

const METHOD = 'jensen-shannon-beyond-sampling-over-pinned-integer-counts';

/** Judged windows, latest first. */
export async function listWindows(tx: ReadTx, pipeline: string, limit: number): Promise<{ windows: MonitoringWindow[] }> {
  const rows = await tx.findMany(WindowRow, { where: { pipeline }, order: { fromAt: 'DESC', modelVersion: 'DESC' }, take: limit });
  return { windows: rows.map(toWindow) };
}

function toWindow({ pipeline, modelVersion, fromAt, toAt, inputs, edges, because, incident, outcome }: WindowRow): MonitoringWindow {
  return {
    pipeline,
    modelVersion,
    window: { from: fromAt.toISOString(), to: toAt.toISOString() },
    rows: inputs?.rows ?? 0,
    inputs: inputs?.verdict ?? 'too-thin',
    columns: (inputs?.columns ?? []).map(({ column, distance, threshold, rows, shifted }) => ({ column, distance: finiteOrNull(distance), threshold: finiteOrNull(threshold), rows, shifted: finiteOrNull(shifted) })),
    ...(edges === null ? {} : { method: { name: METHOD, edges, countError: 0, quantileError: SIZE_ERROR } }),
    because: [...because, ...(outcome?.because ?? [])],
    incident,
    outcome: outcome && { rows: outcome.losses.rows, meanLoss: finiteOrNull(outcome.losses.meanLoss), bound: outcome.bound, verdict: outcome.verdict },
  };
}
