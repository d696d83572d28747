import { MillraceError } from '@millrace/contracts';
import type { ReadTx, Tx } from '@millrace/runtime';
import type { TrackedStatus } from '../../store/tracked-run.row.js';
import { TrackedRunRow } from '../../store/tracked-run.row.js';
import { experimentById } from './experiments.js';
import { describeRuns, runInfoOf } from './describe-runs.js';
import { logTags } from './log-values.js';
import type { TrackingArguments } from './tracking-arguments.js';
import { invalidArgument, listOf, optionalText, requiredText, runIdOf, wholeNumberOf } from './tracking-arguments.js';

const statuses: readonly string[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] satisfies TrackedStatus[];

/** A run that a client opens by itself; it belongs to no trigger and its model is judged by nobody. */
export async function createTrackedRun(tx: Tx, args: TrackingArguments): Promise<object> {
  const experiment = await experimentById(tx, requiredText(args, 'experiment_id'));
  const runId = tx.newId().replaceAll('-', '');
  const tags = listOf(args, 'tags');
  const named = tags.find(({ key }) => key === 'mlflow.runName')?.['value'];
  const row: TrackedRunRow = {
    runId,
    experimentId: experiment.experimentId,
    runName: optionalText(args, 'run_name') ?? (typeof named === 'string' ? named : `run-${runId.slice(-8)}`),
    userId: optionalText(args, 'user_id') ?? tx.cause.actor,
    status: 'RUNNING',
    startTime: wholeNumberOf(args, 'start_time', tx.now.getTime()),
    endTime: null,
    lifecycleStage: 'active',
    inputs: [],
  };
  await tx.insert(TrackedRunRow, row);
  await logTags(tx, runId, [...tags, { key: 'mlflow.runName', value: row.runName }]);
  return getTrackedRun(tx, { run_id: runId });
}

export async function getTrackedRun(tx: ReadTx, args: TrackingArguments): Promise<object> {
  const row = await trackedRunById(tx, runIdOf(args));
  const [run] = await describeRuns(tx, [row]);
  return { run };
}

export async function updateTrackedRun(tx: Tx, args: TrackingArguments): Promise<object> {
  const row = await activeRun(tx, args);
  const status = optionalText(args, 'status') ?? row.status;
  if (!statuses.includes(status)) throw invalidArgument(`Invalid status '${status}'`);
  const runName = optionalText(args, 'run_name') ?? row.runName;
  const endTime = args['end_time'] === undefined ? row.endTime : wholeNumberOf(args, 'end_time', tx.now.getTime());
  const updated = { ...row, status: status as TrackedStatus, runName, endTime };
  await tx.save(TrackedRunRow, updated);
  if (runName !== row.runName) await logTags(tx, row.runId, [{ key: 'mlflow.runName', value: runName }]);
  return { run_info: runInfoOf(updated) };
}

export async function deleteTrackedRun(tx: Tx, args: TrackingArguments): Promise<object> {
  await tx.save(TrackedRunRow, { ...(await trackedRunById(tx, runIdOf(args))), lifecycleStage: 'deleted' });
  return {};
}

export async function restoreTrackedRun(tx: Tx, args: TrackingArguments): Promise<object> {
  await tx.save(TrackedRunRow, { ...(await trackedRunById(tx, runIdOf(args))), lifecycleStage: 'active' });
  return {};
}

export async function logInputs(tx: Tx, args: TrackingArguments): Promise<object> {
  const row = await activeRun(tx, args);
  await tx.save(TrackedRunRow, { ...row, inputs: [...row.inputs, ...listOf(args, 'datasets')] });
  return {};
}

export async function trackedRunById(tx: ReadTx, runId: string): Promise<TrackedRunRow> {
  const row = await tx.find(TrackedRunRow, { runId });
  if (!row) throw new MillraceError('run-not-found', `Run with id=${runId} not found`);
  return row;
}

/** The run that a call writes to; a deleted one takes nothing. */
export async function activeRun(tx: ReadTx, args: TrackingArguments): Promise<TrackedRunRow> {
  const row = await trackedRunById(tx, runIdOf(args));
  if (row.lifecycleStage !== 'active') throw invalidArgument(`The run ${row.runId} must be in the 'active' state. Current state is deleted.`);
  return row;
}
