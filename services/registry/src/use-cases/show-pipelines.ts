import type { PipelineDetail, PipelineSummary, PipelineVersionDetail, PipelineVersionSummary } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { PipelinePartRow } from '../store/pipeline-part.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { PipelineVersionRow } from '../store/pipeline-version.row.js';

/** All pipelines by id, each with the state of its latest version. */
export async function listPipelines(tx: ReadTx): Promise<PipelineSummary[]> {
  const rows = await tx.findMany(PipelineRow, { order: { pipeline: 'ASC' } });
  return Promise.all(
    rows.map(async ({ latestModelVersion: _, ...row }) => {
      const latest = await tx.get(PipelineVersionRow, { pipeline: row.pipeline, version: row.latestVersion });
      return { ...row, description: latest.definition.description, state: latest.state };
    }),
  );
}

/** A pipeline with its versions, latest first. Errors: `pipeline-not-found`. */
export async function showPipeline(tx: ReadTx, pipeline: string): Promise<PipelineDetail> {
  const { latestModelVersion: _, ...row } = await tx.get(PipelineRow, { pipeline }, 'pipeline-not-found');
  const versions = await tx.findMany(PipelineVersionRow, { where: { pipeline }, order: { version: 'DESC' } });
  const parts = await tx.findMany(PipelinePartRow, { where: { pipeline }, order: { service: 'ASC' } });
  const active = versions.find(({ version }) => version === row.activeVersion);
  return { ...row, definition: active?.definition ?? null, versions: versions.map((version) => summaryOf(version, parts)) };
}

/** A version of a pipeline with its definition and file. Errors: `pipeline-version-not-found`. */
export async function showPipelineVersion(tx: ReadTx, pipeline: string, version: number): Promise<PipelineVersionDetail> {
  const row = await tx.get(PipelineVersionRow, { pipeline, version }, 'pipeline-version-not-found');
  const parts = await tx.findMany(PipelinePartRow, { where: { pipeline, version }, order: { service: 'ASC' } });
  return { summary: summaryOf(row, parts), definition: row.definition, source: row.source };
}

function summaryOf({ pipeline, version, state, appliedBy, appliedAt, sha256, changes }: PipelineVersionRow, parts: PipelinePartRow[]): PipelineVersionSummary {
  const own = parts.filter((part) => part.version === version).map(({ service, state: partState, because }) => ({ service, state: partState, because }));
  return { pipeline, version, state, appliedBy, appliedAt: appliedAt.toISOString(), sha256, changes, parts: own };
}
