import type { Artifact, Finding } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { RunRow } from '../store/run.row.js';
import { closeTrackedRun } from './close-tracked-run.js';
import { rememberRefusal } from './remember-refusal.js';
import { trackedRunIdOf } from './start-run.js';

export interface RunFailure {
  because: Finding[];
  /** Null when the command did not run, or was ended. */
  exitCode: number | null;
  log: Artifact | null;
}

const openStates: readonly RunRow['state'][] = ['waiting-for-training-set', 'queued', 'running', 'trained'];

/** A run ended without a usable model. `attempt` null: whatever attempt it is in. */
export async function failRun(tx: Tx, run: string, attempt: number | null, { because, exitCode, log }: RunFailure): Promise<void> {
  const { pipeline } = await tx.get(RunRow, { run }, 'run-not-found');
  const pipelineRow = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  if (!openStates.includes(row.state) || (attempt !== null && row.attempt !== attempt)) return;
  const causationId = tx.emit('millrace.training.run.failed.v1', { pipeline, run, because, exitCode, log }, row.cascade);
  const failed: RunRow = { ...row, state: 'failed', because, process: null, endedAt: tx.now, cascade: { ...row.cascade, causationId } };
  await tx.save(RunRow, failed);
  await closeTrackedRun(tx, trackedRunIdOf(run), 'FAILED', log ? { 'training.log': log } : {});
  await rememberRefusal(tx, pipelineRow, failed, 'wait');
}
