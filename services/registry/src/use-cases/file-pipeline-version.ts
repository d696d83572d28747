import type { DefinitionChange, Pipeline } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { partOwners } from '../adapters/part-checks.js';
import { PipelinePartRow } from '../store/pipeline-part.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { PipelineVersionRow } from '../store/pipeline-version.row.js';

/** A checked pipeline file. */
export interface CheckedPipeline {
  definition: Pipeline;
  source: string;
  /** Digest of the source, lower-case hex. */
  sha256: string;
  changes: DefinitionChange[];
  appliedBy: string;
}

/** Files a checked pipeline as its next version and asks every service to prepare its part. Returns the version. */
export async function filePipelineVersion(tx: Tx, { definition, source, sha256, changes, appliedBy }: CheckedPipeline): Promise<number> {
  const pipeline = definition.id;
  await tx.lockKey(pipeline);
  const row = (await tx.lockOrNull(PipelineRow, { pipeline })) ?? newPipeline(pipeline);
  const version = row.latestVersion + 1;
  await tx.save(PipelineRow, { ...row, latestVersion: version });
  await tx.insert(PipelineVersionRow, { pipeline, version, state: 'pending', definition, source, sha256, changes, appliedBy, appliedAt: tx.now });
  await tx.insert(PipelinePartRow, partOwners.map((service) => ({ pipeline, version, service, state: 'pending' as const, because: [] })));
  const data = { pipeline, version, definition, source, sha256, changes, previousVersion: row.activeVersion };
  tx.emit('millrace.registry.pipeline.applied.v1', data, { project: definition.project, pipelineVersion: version });
  return version;
}

function newPipeline(pipeline: string): PipelineRow {
  return { pipeline, latestVersion: 0, activeVersion: null, latestModelVersion: 0, champion: null, challenger: null };
}
