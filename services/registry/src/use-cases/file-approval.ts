import type { Finding } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import type { ModelSigner } from '../adapters/model-signer.js';
import { ModelVersionRow } from '../store/model-version.row.js';

/** Signs a version and tells the world that it may be served. */
export async function fileApproval(tx: Tx, version: ModelVersionRow, approval: { approvedBy: string; because: Finding[] }, signer: ModelSigner): Promise<ModelVersionRow> {
  const { pipeline, modelVersion, run, serving, evaluation, pipelineVersion } = version;
  const { approvedBy, because } = approval;
  const signed = signer.sign(pipeline, modelVersion, evaluation.model);
  const approved: ModelVersionRow = { ...version, stage: 'approved', signed, because, decidedBy: approvedBy, decidedAt: tx.now };
  await tx.save(ModelVersionRow, approved);
  const { model, window, asksAfterShadow } = evaluation;
  const data = { pipeline, modelVersion, run, model, signed, serving, learnedTo: window.to, approvedBy, because, ...(asksAfterShadow ? { asksAfterShadow } : {}) };
  tx.emit('millrace.registry.model-version.approved.v1', data, { pipelineVersion });
  return approved;
}
