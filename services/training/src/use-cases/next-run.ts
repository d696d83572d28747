import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { RunRow } from '../store/run.row.js';

/** The oldest run to start: queued, or left behind by another instance. */
export async function nextRunToStart(tx: ReadTx, instance: string, underWay: readonly string[]): Promise<RunRow | null> {
  const rows = await tx.findMany(RunRow, { where: [{ state: 'queued' }, { state: 'running' }], order: { requestedAt: 'ASC' }, take: 100 });
  return rows.find(({ run, state, process }) => !underWay.includes(run) && (state === 'queued' || process?.instance !== instance)) ?? null;
}

/** The oldest run whose model is not yet evaluated. */
export async function nextRunToEvaluate(tx: ReadTx): Promise<RunRow | null> {
  const [row] = await tx.findMany(RunRow, { where: { state: 'trained' }, order: { requestedAt: 'ASC' }, take: 1 });
  return row ?? null;
}

/** Those of these runs that were cancelled. */
export async function cancelledAmong(tx: ReadTx, runs: readonly string[]): Promise<string[]> {
  const rows = await tx.findMany(RunRow, { where: { run: In([...runs]), state: 'cancelled' } });
  return rows.map(({ run }) => run);
}
