import type { OperationInput } from '@millrace/contracts';
import { decideApproval } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import type { ModelSigner } from '../adapters/model-signer.js';
import { ModelVersionRow } from '../store/model-version.row.js';
import { PipelineVersionRow } from '../store/pipeline-version.row.js';
import { fileApproval } from './file-approval.js';

/** A person approves a version that passed its gates and waits. Errors: `model-version-not-found`, `not-awaiting-approval`, `second-person-required`. */
export async function approveModelVersion(tx: Tx, input: OperationInput<'approveModelVersion'>, signer: ModelSigner): Promise<ModelVersionRow> {
  const pipeline = `${input.project}/${input.name}`;
  const version = await tx.lock(ModelVersionRow, { pipeline, modelVersion: input.version }, 'model-version-not-found');
  const applied = await tx.get(PipelineVersionRow, { pipeline, version: version.pipelineVersion }, 'pipeline-version-not-found');
  const approvedBy = tx.cause.actor;
  const findings = decideApproval({
    actor: approvedBy,
    note: input.note ?? '',
    stage: version.stage,
    secondPerson: applied.definition.approval.secondPerson,
    involved: [version.requestedBy, applied.appliedBy],
  });
  return fileApproval(tx, version, { approvedBy, because: [...version.because, ...findings] }, signer);
}
