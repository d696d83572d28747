import type { RolloutCompleted, RolloutRolledBack, RolloutStarted } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { ModelVersionRow } from '../store/model-version.row.js';
import { PipelineRow } from '../store/pipeline.row.js';

/** A version that is being rolled out is the challenger. */
export async function followRolloutStart(tx: Tx, { pipeline, modelVersion }: RolloutStarted): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await tx.save(PipelineRow, { ...row, challenger: modelVersion });
}

/** A version that was rolled out is the champion; the one before is retired. */
export async function followRolloutCompletion(tx: Tx, { pipeline, modelVersion, previous }: RolloutCompleted): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await tx.save(PipelineRow, { ...row, champion: modelVersion, challenger: null });
  if (!previous) return;
  const replaced = await tx.lock(ModelVersionRow, { pipeline, modelVersion: previous.modelVersion }, 'model-version-not-found');
  if (replaced.stage !== 'approved') return;
  await tx.save(ModelVersionRow, { ...replaced, stage: 'retired' });
  const because = [{ check: 'serves', passed: false, measured: modelVersion, detail: `Version ${modelVersion} took its place` }];
  tx.emit('millrace.registry.model-version.retired.v1', { pipeline, modelVersion: previous.modelVersion, because });
}

/** A version that was rolled back is withdrawn; the restored one is the champion again. */
export async function followRollback(tx: Tx, { pipeline, modelVersion, restored, because }: RolloutRolledBack): Promise<void> {
  const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
  await tx.save(PipelineRow, { ...row, champion: restored?.modelVersion ?? null, challenger: null });
  if (restored) await reinstate(tx, pipeline, restored.modelVersion);
  const version = await tx.lock(ModelVersionRow, { pipeline, modelVersion }, 'model-version-not-found');
  if (version.stage === 'withdrawn') return;
  await tx.save(ModelVersionRow, { ...version, stage: 'withdrawn', because: [...version.because, ...because] });
  tx.emit('millrace.registry.model-version.withdrawn.v1', { pipeline, modelVersion, because });
}

async function reinstate(tx: Tx, pipeline: string, modelVersion: number): Promise<void> {
  const restored = await tx.lock(ModelVersionRow, { pipeline, modelVersion }, 'model-version-not-found');
  if (restored.stage === 'retired') await tx.save(ModelVersionRow, { ...restored, stage: 'approved' });
}
