import type { Finding } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import type { RunEnvironment } from '../store/run.row.js';
import { RunRow } from '../store/run.row.js';
import { TrackedRunRow } from '../store/tracked-run.row.js';
import { experimentNamed } from './tracking/experiments.js';
import { logTags } from './tracking/log-values.js';

/** Starts of the command after which a run is given up. */
export const mostAttempts = 3;

/**
 * Takes a run for this instance: attempt n+1 begins. Null when it is no longer to be started. The attempt fences off
 * a process of an earlier one: what it reports is not heard.
 */
export async function startRun(tx: Tx, run: string, instance: string, environment: RunEnvironment): Promise<RunRow | null> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  const isOrphan = row.state === 'running' && row.process?.instance !== instance;
  if ((row.state !== 'queued' && !isOrphan) || !row.trainingSet) return null;
  const attempt = row.attempt + 1;
  const { training } = row.definition;
  const data = {
    pipeline: row.pipeline,
    run,
    attempt,
    command: training.command,
    ...environment,
    parameters: training.parameters,
    seed: training.seed,
    trainingSet: row.trainingSet.trainingSet,
  };
  const causationId = tx.emit('millrace.training.run.started.v1', data, row.cascade);
  const process = { instance, pid: null, startTicks: null };
  const started: RunRow = { ...row, state: 'running', attempt, environment, process, cascade: { ...row.cascade, causationId }, startedAt: tx.now };
  await tx.save(RunRow, started);
  await openTrackedRun(tx, started);
  return started;
}

/** The id under which the MLflow client knows a run. */
export function trackedRunIdOf(run: string): string {
  return run.slice(run.indexOf('/') + 1);
}

async function openTrackedRun(tx: Tx, { run, pipeline, definition, cause, attempt }: RunRow): Promise<void> {
  const runId = trackedRunIdOf(run);
  const known = await tx.find(TrackedRunRow, { runId });
  const experimentId = known?.experimentId ?? (await experimentNamed(tx, pipeline));
  const runName = `${definition.name}-${cause}-${runId.slice(-6)}`;
  const row = { runId, experimentId, runName, userId: `run:${run}`, status: 'RUNNING', endTime: null, lifecycleStage: 'active', inputs: [] } as const;
  await tx.save(TrackedRunRow, { ...row, inputs: [], startTime: tx.now.getTime() });
  const tags = { 'mlflow.runName': runName, 'millrace.run': run, 'millrace.pipeline': pipeline, 'millrace.cause': cause, 'millrace.attempt': String(attempt) };
  await logTags(tx, runId, Object.entries(tags).map(([key, value]) => ({ key, value })));
}

/** Remembers the process of a run, so that another instance can end it. */
export async function recordProcess(tx: Tx, run: string, process: NonNullable<RunRow['process']>): Promise<void> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  if (row.state === 'running' && row.process?.instance === process.instance) await tx.save(RunRow, { ...row, process });
}

/** The run could not be started because a part of Millrace was away: it is started again later. */
export async function requeueRun(tx: Tx, { run, attempt }: RunRow, because: Finding[]): Promise<void> {
  const row = await tx.lock(RunRow, { run }, 'run-not-found');
  if (row.state === 'running' && row.attempt === attempt) await tx.save(RunRow, { ...row, state: 'queued', process: null, because });
}
