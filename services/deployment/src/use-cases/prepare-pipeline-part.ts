import type { PipelineApplied } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { checkPipelinePart } from './check-pipeline-part.js';

/** Answers a filed pipeline version. Nothing has to be prepared: rollouts read the definition that is active when they begin. */
export async function preparePipelinePart(tx: Tx, { pipeline, version, definition }: PipelineApplied): Promise<void> {
  const { accepted, because } = checkPipelinePart(definition);
  tx.emit(accepted ? 'millrace.deployment.pipeline-part.ready.v1' : 'millrace.deployment.pipeline-part.refused.v1', { pipeline, version, because });
}
