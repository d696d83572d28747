import type { PipelineApplied } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import type { ProgramLookup } from './check-pipeline-part.js';
import { checkPipelinePart } from './check-pipeline-part.js';

/** Answers a new pipeline version; nothing has to be made before it becomes active. */
export async function preparePipelinePart(tx: Tx, { pipeline, version, definition }: PipelineApplied, isProgram: ProgramLookup): Promise<void> {
  const { accepted, because } = checkPipelinePart(definition, isProgram);
  const answer = { pipeline, version, because };
  if (accepted) tx.emit('millrace.training.pipeline-part.ready.v1', answer);
  else tx.emit('millrace.training.pipeline-part.refused.v1', answer);
}
