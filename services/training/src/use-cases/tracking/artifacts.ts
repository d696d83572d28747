import type { Artifact } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import type { ReadTx, Tx } from '@millrace/runtime';
import { Like } from 'typeorm';
import { TrackedArtifactRow } from '../../store/tracked-artifact.row.js';
import type { TrackingArguments } from './tracking-arguments.js';
import { invalidArgument, optionalText } from './tracking-arguments.js';
import { trackedRunById } from './tracked-runs.js';

/** Where an artifact belongs: MLflow's address is `<experiment>/<run>/artifacts/<path>`. */
export interface ArtifactPlace {
  root: string;
  runId: string;
  /** Below the root; empty for the root itself. */
  path: string;
}

const address = /^(?<experiment>\d{1,15})\/(?<run>[\w-]{1,250})\/artifacts(?:\/(?<path>.*))?$/;

/** Throws `invalid-tracking-call` for an address that is none, or that climbs out of its run. */
export function artifactPlaceOf(text: string): ArtifactPlace {
  const parts = address.exec(text)?.groups;
  const path = parts?.['path'] ?? '';
  if (!parts || path.split('/').some((segment) => segment === '..' || segment === '.')) throw invalidArgument(`Invalid artifact path '${text}'`);
  return { root: `${parts['experiment']}/${parts['run']}/artifacts`, runId: parts['run'] ?? '', path: path.replace(/\/+$/, '') };
}

/** Files an artifact whose bytes are in the object store; a later one of the same path takes its place. */
export async function recordArtifact(tx: Tx, { root, runId, path }: ArtifactPlace, { url, sha256, sizeBytes }: Artifact): Promise<void> {
  if (path === '') throw invalidArgument('An artifact needs a name');
  const run = await trackedRunById(tx, runId);
  if (!root.startsWith(`${run.experimentId}/`)) throw invalidArgument(`Run ${runId} is not in that experiment`);
  await tx.save(TrackedArtifactRow, { root, path, url, sha256, sizeBytes });
}

export async function findArtifact(tx: ReadTx, { root, path }: ArtifactPlace): Promise<Artifact> {
  const row = await tx.find(TrackedArtifactRow, { root, path });
  if (!row) throw new MillraceError('artifact-not-found', `There is no artifact '${path}'`);
  return { url: row.url, sha256: row.sha256, sizeBytes: row.sizeBytes };
}

/** Files and folders directly below a place, by their base names; of a file itself nothing, which tells the client that it is one. */
export async function listArtifacts(tx: ReadTx, { root, path }: ArtifactPlace): Promise<{ files: { path: string; is_dir: boolean; file_size?: number }[] }> {
  const folder = path === '' ? '' : `${path}/`;
  const rows = await tx.findMany(TrackedArtifactRow, { where: { root, path: Like(`${folder.replace(/[\\%_]/g, '\\$&')}%`) }, order: { path: 'ASC' } });
  const entries = new Map<string, { path: string; is_dir: boolean; file_size?: number }>();
  for (const row of rows) {
    const [name = '', ...deeper] = row.path.slice(folder.length).split('/');
    entries.set(name, deeper.length > 0 ? { path: name, is_dir: true } : { path: name, is_dir: false, file_size: row.sizeBytes });
  }
  return { files: [...entries.values()] };
}

/** The same as older clients ask for it, by run. Paths are given from the root on. */
export async function listArtifactsOfRun(tx: ReadTx, args: TrackingArguments): Promise<object> {
  const run = await trackedRunById(tx, optionalText(args, 'run_id') ?? optionalText(args, 'run_uuid') ?? '');
  const path = optionalText(args, 'path') ?? '';
  const root = `${run.experimentId}/${run.runId}/artifacts`;
  const { files } = await listArtifacts(tx, { root, runId: run.runId, path });
  const prefix = path === '' ? '' : `${path}/`;
  return { root_uri: `mlflow-artifacts:/${root}`, files: files.map((file) => ({ ...file, path: `${prefix}${file.path}` })) };
}
