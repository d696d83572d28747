import type { RunCancelled } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { CancelledRunRow } from '../store/cancelled-run.row.js';
import { ModelVersionRow } from '../store/model-version.row.js';
import { PipelineRow } from '../store/pipeline.row.js';

/**
 * Training cancelled a run: a version that waits for a person is rejected, one that was approved meanwhile is withdrawn (unless it
 * serves already: then deployment answers), one that has not come yet will be rejected.
 */
export async function takeBackRun(tx: Tx, { pipeline, run, because }: RunCancelled): Promise<void> {
  const row = await tx.lockOrNull(PipelineRow, { pipeline });
  await tx.save(CancelledRunRow, { run, because });
  const version = await tx.lockOrNull(ModelVersionRow, { pipeline, run });
  if (!version || version.modelVersion === row?.champion) return;
  const { modelVersion, pipelineVersion, stage } = version;
  const decided = { ...version, because: [...version.because, ...because], decidedBy: 'service:registry', decidedAt: tx.now };
  if (stage === 'awaiting-approval') {
    await tx.save(ModelVersionRow, { ...decided, stage: 'rejected', verdict: 'cancelled' });
    tx.emit('millrace.registry.model-version.rejected.v1', { pipeline, modelVersion, run, because, verdict: 'cancelled' }, { pipelineVersion });
  }
  if (stage === 'approved') {
    await tx.save(ModelVersionRow, { ...decided, stage: 'withdrawn' });
    tx.emit('millrace.registry.model-version.withdrawn.v1', { pipeline, modelVersion, because }, { pipelineVersion });
  }
}
