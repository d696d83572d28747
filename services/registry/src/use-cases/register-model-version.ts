import type { Event, EvaluationCompleted, ModelVersionEvaluation, ModelVersionRejected, Pipeline } from '@millrace/contracts';
import { decideModelVersion, servingSpecOf } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import type { ModelSigner } from '../adapters/model-signer.js';
import { CancelledRunRow } from '../store/cancelled-run.row.js';
import { ModelVersionRow } from '../store/model-version.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { PipelineVersionRow } from '../store/pipeline-version.row.js';
import { fileApproval } from './file-approval.js';

/** Registers what a run brought as the pipeline's next model version and judges it by the gates of the run's pipeline version. */
export async function registerModelVersion(tx: Tx, event: Event<'millrace.training.evaluation.completed.v1'>, signer: ModelSigner): Promise<ModelVersionRow> {
  const { pipeline, run } = event.data;
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  const pipelineVersion = event.pipelineVersion ?? row.activeVersion ?? row.latestVersion;
  const { definition } = await tx.get(PipelineVersionRow, { pipeline, version: pipelineVersion }, 'pipeline-version-not-found');
  const modelVersion = row.latestModelVersion + 1;
  const decision = decideModelVersion(event.data, definition, { champion: row.champion, earlierTries: await earlierTries(tx, row) });
  await tx.save(PipelineRow, { ...row, latestModelVersion: modelVersion });
  emitRegistered(tx, event.data, modelVersion);
  const version = { ...newVersion(event.data, { modelVersion, pipelineVersion, definition }), requestedBy: event.actor, registeredAt: tx.now, because: decision.because };
  const cancelled = await tx.find(CancelledRunRow, { run });
  if (cancelled) return reject(tx, { ...version, because: cancelled.because }, 'cancelled');
  if (decision.next.stage === 'rejected') return reject(tx, version, decision.next.verdict);
  if (decision.next.stage === 'approved') return fileApproval(tx, version, { approvedBy: 'service:registry', because: decision.because }, signer);
  tx.emit('millrace.registry.model-version.approval-requested.v1', { pipeline, modelVersion, run, because: decision.because });
  return saved(tx, version);
}

function reject(tx: Tx, version: ModelVersionRow, verdict: ModelVersionRejected['verdict']): Promise<ModelVersionRow> {
  const { pipeline, modelVersion, run, because } = version;
  tx.emit('millrace.registry.model-version.rejected.v1', { pipeline, modelVersion, run, because, verdict });
  return saved(tx, { ...version, stage: 'rejected', verdict, decidedBy: 'service:registry', decidedAt: tx.now });
}

/** Challengers that were compared with the present champion before: each try spends some of the error allowed. */
async function earlierTries(tx: Tx, { pipeline, champion }: PipelineRow): Promise<number> {
  return champion === null ? 0 : tx.count(ModelVersionRow, { pipeline, comparedWith: champion });
}

function emitRegistered(tx: Tx, evaluation: EvaluationCompleted, modelVersion: number): void {
  const { pipeline, run, model, signature, featureView, dataSetVersions, trainingSet, window } = evaluation;
  tx.emit('millrace.registry.model-version.registered.v1', { pipeline, modelVersion, run, model, signature, featureView, dataSetVersions, trainingSet, window });
}

function newVersion(
  data: EvaluationCompleted,
  { modelVersion, pipelineVersion, definition }: { modelVersion: number; pipelineVersion: number; definition: Pipeline },
): Omit<ModelVersionRow, 'requestedBy' | 'registeredAt' | 'because'> {
  const { pipeline, run, ...rest } = data;
  return {
    pipeline,
    modelVersion,
    run,
    stage: 'awaiting-approval',
    pipelineVersion,
    comparedWith: data.champion?.modelVersion ?? null,
    evaluation: rest satisfies ModelVersionEvaluation,
    serving: servingSpecOf(definition, data.featureView),
    signed: null,
    verdict: null,
    decidedBy: null,
    decidedAt: null,
  };
}

async function saved(tx: Tx, version: ModelVersionRow): Promise<ModelVersionRow> {
  await tx.save(ModelVersionRow, version);
  return version;
}
