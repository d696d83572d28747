import type { Artifact, Finding, ParityResult, RunCompleted } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { RunRow } from '../store/run.row.js';
import { closeTrackedRun } from './close-tracked-run.js';
import { trackedRunIdOf } from './start-run.js';

/** What a training command left, checked by the platform. */
export interface TrainedModel {
  model: Artifact;
  parity: ParityResult;
  /** Files for the tracked run, by name. */
  files: Record<string, Artifact>;
  /** Training windows that were tried; empty when there was one. */
  candidates: NonNullable<RunCompleted['candidates']>;
}

/** The command ended with a usable model; the platform evaluates it next. Not heard when another attempt has begun. */
export async function completeRun(tx: Tx, { run, attempt }: RunRow, { model, parity, files, candidates }: TrainedModel): Promise<void> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  if (row.state !== 'running' || row.attempt !== attempt) return;
  const metrics = await lastMetrics(tx, trackedRunIdOf(run));
  const durationMs = tx.now.getTime() - (row.startedAt ?? tx.now).getTime();
  const data = { pipeline: row.pipeline, run, model, parity, metrics, durationMs, ...(candidates.length > 0 ? { candidates } : {}) };
  const causationId = tx.emit('millrace.training.run.completed.v1', data, row.cascade);
  const trained: RunRow = { ...row, state: 'trained', model, parity, metrics, because: [...row.because, ...candidates.map(windowFinding)], process: null, endedAt: tx.now, cascade: { ...row.cascade, causationId } };
  await tx.save(RunRow, trained);
  await closeTrackedRun(tx, trackedRunIdOf(run), 'FINISHED', files);
}

const WINDOW_CHECK = 'training-window';

/** Whether a finding says how a training window did: whatever is decided later about the run, these stay with it. */
export function isOfWindows({ check }: Finding): boolean {
  return check.startsWith(WINDOW_CHECK);
}

/** A run shows why it was trained on the rows it was trained on. */
function windowFinding({ window, rows, loss, chosen }: TrainedModel['candidates'][number]): Finding {
  const detail = loss === null ? 'could not be tried' : `mean loss on the newest rows, trained on ${rows} rows before them${chosen ? '; chosen' : ''}`;
  return { check: `${WINDOW_CHECK} ${window}`, passed: chosen, measured: loss, detail };
}

/** Last logged value per metric; those that are no numbers are left out. */
async function lastMetrics(tx: Tx, runId: string): Promise<Record<string, number>> {
  const rows = await tx.query<{ key: string; value: number }>(
    `select distinct on (key) key, value from tracking_metrics where run_id = $1 order by key, step desc, timestamp desc, value desc`,
    [runId],
  );
  return Object.fromEntries(rows.filter(({ value }) => Number.isFinite(value)).map(({ key, value }) => [key, value]));
}
