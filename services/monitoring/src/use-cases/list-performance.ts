import type { OperationInput, OperationOutput } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { PerformanceRow } from '../store/performance.row.js';

/** Quality by window and version, latest first. */
export async function listPerformance(tx: ReadTx, { project, name, modelVersion, limit }: OperationInput<'listPerformance'>): Promise<OperationOutput<'listPerformance'>> {
  const where = { pipeline: `${project}/${name}`, ...(modelVersion === undefined ? {} : { modelVersion }) };
  const rows = await tx.findMany(PerformanceRow, { where, order: { fromAt: 'DESC', modelVersion: 'DESC' }, take: limit ?? 100 });
  return { windows: rows.map(({ pipeline, modelVersion: version, fromAt, toAt, measured }) => ({ pipeline, modelVersion: version, window: { from: fromAt.toISOString(), to: toAt.toISOString() }, ...measured })) };
}
