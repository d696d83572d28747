import { MillraceError } from '@millrace/contracts';
import type { OperationInput } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { ModelVersionRow } from '../store/model-version.row.js';

/** A person rejects a version that waits. Errors: `model-version-not-found`, `not-awaiting-approval`. */
export async function rejectModelVersion(tx: Tx, input: OperationInput<'rejectModelVersion'>): Promise<ModelVersionRow> {
  const pipeline = `${input.project}/${input.name}`;
  const version = await tx.lock(ModelVersionRow, { pipeline, modelVersion: input.version }, 'model-version-not-found');
  if (version.stage !== 'awaiting-approval') throw new MillraceError('not-awaiting-approval', `The version is ${version.stage}`, { stage: version.stage });
  const { modelVersion, run, pipelineVersion } = version;
  const decidedBy = tx.cause.actor;
  const because = [...version.because, { check: 'approved-by-a-person', passed: false, measured: decidedBy, detail: `Rejected by ${decidedBy}: ${input.note}` }];
  const rejected: ModelVersionRow = { ...version, stage: 'rejected', verdict: 'person', because, decidedBy, decidedAt: tx.now };
  await tx.save(ModelVersionRow, rejected);
  tx.emit('millrace.registry.model-version.rejected.v1', { pipeline, modelVersion, run, because, verdict: 'person' }, { pipelineVersion });
  return rejected;
}
