import type { ModelVersionDetail, ModelVersionSummary, OperationInput } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { ModelVersionRow } from '../store/model-version.row.js';
import { PipelineRow } from '../store/pipeline.row.js';

/** Model versions that match every given filter, latest first. */
export async function listModelVersions(tx: ReadTx, { pipeline, stage, limit }: OperationInput<'listModelVersions'>): Promise<ModelVersionSummary[]> {
  const where = { ...(pipeline === undefined ? {} : { pipeline }), ...(stage === undefined ? {} : { stage }) };
  const rows = await tx.findMany(ModelVersionRow, { where, order: { registeredAt: 'DESC', pipeline: 'ASC' }, take: limit });
  const pipelines = new Map((await tx.findMany(PipelineRow)).map((row) => [row.pipeline, row]));
  return rows.map((row) => summaryOf(row, pipelines.get(row.pipeline)));
}

/** A model version with its evaluation. Errors: `model-version-not-found`. */
export async function showModelVersion(tx: ReadTx, pipeline: string, modelVersion: number): Promise<ModelVersionDetail> {
  const row = await tx.get(ModelVersionRow, { pipeline, modelVersion }, 'model-version-not-found');
  const { because, evaluation, serving, signed } = row;
  return { summary: summaryOf(row, await tx.get(PipelineRow, { pipeline })), because, evaluation, serving, signed };
}

function summaryOf(row: ModelVersionRow, pipeline: PipelineRow | undefined): ModelVersionSummary {
  const { modelVersion, run, stage, pipelineVersion, verdict, decidedBy, registeredAt, decidedAt } = row;
  const aliases = (['champion', 'challenger'] as const).filter((alias) => pipeline?.[alias] === modelVersion);
  return {
    pipeline: row.pipeline,
    modelVersion,
    run,
    stage,
    aliases,
    pipelineVersion,
    verdict,
    decidedBy,
    registeredAt: registeredAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}
