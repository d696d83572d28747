import type { PipelineActivated } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';

/** Rollouts that begin from now on follow this version. */
export async function activatePipeline(tx: Tx, { pipeline, version, definition }: PipelineActivated): Promise<void> {
  await tx.save(PipelineRow, { pipeline, version, definition });
}
