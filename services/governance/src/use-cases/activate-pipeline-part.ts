import type { PipelineActivated } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';

/** Keeps what governance needs of the active version: which data sets are the pipeline's, and how long its command may take. */
export async function activatePipelinePart(tx: Tx, { pipeline, version, definition }: PipelineActivated): Promise<void> {
  const dataSets = [...definition.dataSets.map(({ id }) => id), `${pipeline}.predictions`];
  await tx.save(PipelineRow, { pipeline, version, dataSets, commandTimeMs: definition.training.timeoutMs });
}
