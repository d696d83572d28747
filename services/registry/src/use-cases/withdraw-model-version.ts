import { MillraceError } from '@millrace/contracts';
import type { OperationInput } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { ModelVersionRow } from '../store/model-version.row.js';

/** An operator takes a version out of use for good; deployment takes it off its route. Errors: `model-version-not-found`, `stale-version` when it is withdrawn or rejected already. */
export async function withdrawModelVersion(tx: Tx, input: OperationInput<'withdrawModelVersion'>): Promise<ModelVersionRow> {
  const pipeline = `${input.project}/${input.name}`;
  const version = await tx.lock(ModelVersionRow, { pipeline, modelVersion: input.version }, 'model-version-not-found');
  if (version.stage === 'withdrawn' || version.stage === 'rejected') throw new MillraceError('stale-version', `The version is ${version.stage}`, { stage: version.stage });
  const because = [{ check: 'kept-in-use', passed: false, measured: tx.cause.actor, detail: `Withdrawn by ${tx.cause.actor}: ${input.note}` }];
  const withdrawn: ModelVersionRow = { ...version, stage: 'withdrawn', because: [...version.because, ...because], decidedBy: tx.cause.actor, decidedAt: tx.now };
  await tx.save(ModelVersionRow, withdrawn);
  tx.emit('millrace.registry.model-version.withdrawn.v1', { pipeline, modelVersion: version.modelVersion, because }, { pipelineVersion: version.pipelineVersion });
  return withdrawn;
}
