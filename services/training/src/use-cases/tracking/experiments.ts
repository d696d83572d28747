import { MillraceError } from '@millrace/contracts';
import type { ReadTx, Tx } from '@millrace/runtime';
import { TrackedExperimentRow } from '../../store/tracked-experiment.row.js';
import type { TrackingArguments } from './tracking-arguments.js';
import { invalidArgument, listOf, optionalText, requiredText, wholeNumberOf } from './tracking-arguments.js';

export async function createExperiment(tx: Tx, args: TrackingArguments): Promise<object> {
  const name = requiredText(args, 'name');
  if (await tx.find(TrackedExperimentRow, { name })) throw new MillraceError('experiment-already-exists', `Experiment '${name}' already exists.`);
  const tags = Object.fromEntries(listOf(args, 'tags').map((tag) => [requiredText(tag, 'key', 250), optionalText(tag, 'value') ?? '']));
  return { experiment_id: String(await insertExperiment(tx, name, tags)) };
}

/** The id of the experiment with this name, which is created when there is none. */
export async function experimentNamed(tx: Tx, name: string): Promise<number> {
  await tx.lockKey(`experiment ${name}`);
  const known = await tx.find(TrackedExperimentRow, { name });
  return known?.experimentId ?? insertExperiment(tx, name, {});
}

async function insertExperiment(tx: Tx, name: string, tags: Record<string, string>): Promise<number> {
  const [row] = await tx.query<{ experiment_id: number }>(
    `insert into tracking_experiments (name, created_at, updated_at, tags) values ($1, $2, $2, $3) returning experiment_id`,
    [name, tx.now, JSON.stringify(tags)],
  );
  if (!row) throw new MillraceError('internal-error', 'The experiment was not created');
  return row.experiment_id;
}

export async function getExperimentByName(tx: ReadTx, args: TrackingArguments): Promise<object> {
  const name = requiredText(args, 'experiment_name');
  const row = await tx.find(TrackedExperimentRow, { name });
  if (!row) throw new MillraceError('experiment-not-found', `Could not find experiment with name '${name}'`);
  return { experiment: experimentOf(row) };
}

export async function getExperiment(tx: ReadTx, args: TrackingArguments): Promise<object> {
  return { experiment: experimentOf(await experimentById(tx, requiredText(args, 'experiment_id'))) };
}

export async function searchExperiments(tx: ReadTx, args: TrackingArguments): Promise<object> {
  if (optionalText(args, 'filter')) throw invalidArgument('Searching experiments by a filter is not supported');
  const take = Math.min(wholeNumberOf(args, 'max_results', 1000), 50_000);
  const rows = await tx.findMany(TrackedExperimentRow, { where: { lifecycleStage: 'active' }, order: { experimentId: 'DESC' }, take });
  return { experiments: rows.map(experimentOf) };
}

export async function experimentById(tx: ReadTx, id: string): Promise<TrackedExperimentRow> {
  const row = /^\d{1,15}$/.test(id) ? await tx.find(TrackedExperimentRow, { experimentId: Number(id) }) : null;
  if (!row) throw new MillraceError('experiment-not-found', `No Experiment with id=${id} exists`);
  return row;
}

function experimentOf(row: TrackedExperimentRow): object {
  return {
    experiment_id: String(row.experimentId),
    name: row.name,
    artifact_location: `mlflow-artifacts:/${row.experimentId}`,
    lifecycle_stage: row.lifecycleStage,
    creation_time: row.createdAt.getTime(),
    last_update_time: row.updatedAt.getTime(),
    tags: Object.entries(row.tags).map(([key, value]) => ({ key, value })),
  };
}
