import type { Tx } from '@millrace/runtime';
import { RunRow } from '../store/run.row.js';
import { closeTrackedRun } from './close-tracked-run.js';
import { trackedRunIdOf } from './start-run.js';

/** Ends a run that shall not be finished; what it still reports is not heard. The caller holds the pipeline's lock. */
export async function cancelRun(tx: Tx, { run }: Pick<RunRow, 'run'>, incident: string | null, because: RunRow['because']): Promise<void> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  const { correlationId, pipelineVersion } = row.cascade;
  tx.emit('millrace.training.run.cancelled.v1', { pipeline: row.pipeline, run, trigger: row.trigger, incident, because }, { correlationId, ...(pipelineVersion === undefined ? {} : { pipelineVersion }) });
  await tx.save(RunRow, { ...row, state: 'cancelled', because, process: null, endedAt: tx.now });
  await closeTrackedRun(tx, trackedRunIdOf(run), 'KILLED', {});
}
