import type { Artifact } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import type { TrackedStatus } from '../store/tracked-run.row.js';
import { TrackedRunRow } from '../store/tracked-run.row.js';
import { recordArtifact } from './tracking/artifacts.js';

/** Ends a run for the MLflow client, unless the command did, and files what the platform keeps of it. */
export async function closeTrackedRun(tx: Tx, runId: string, status: TrackedStatus, files: Record<string, Artifact>): Promise<void> {
  const row = await tx.lockOrNull(TrackedRunRow, { runId });
  if (!row) return;
  for (const [path, artifact] of Object.entries(files)) await recordArtifact(tx, { root: `${row.experimentId}/${runId}/artifacts`, runId, path }, artifact);
  const ended = row.status === 'RUNNING' || status !== 'FINISHED';
  await tx.save(TrackedRunRow, { ...row, status: ended ? status : row.status, endTime: row.endTime ?? tx.now.getTime() });
}
