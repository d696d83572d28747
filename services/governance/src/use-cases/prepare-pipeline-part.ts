import type { PipelineApplied } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { checkPipelinePart } from './check-pipeline-part.js';

/** Answers an applied pipeline version. */
export function preparePipelinePart(tx: Tx, { pipeline, version, definition }: PipelineApplied): Promise<void> {
  const { because } = checkPipelinePart(definition);
  tx.emit('millrace.governance.pipeline-part.ready.v1', { pipeline, version, because: [...because] }, { pipelineVersion: version });
  return Promise.resolve();
}
