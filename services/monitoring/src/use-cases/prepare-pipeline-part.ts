import type { PipelineActivated, PipelineApplied } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { checkPipelinePart } from './check-pipeline-part.js';

/** Answers a new pipeline version; nothing has to be made before it becomes active. */
export async function preparePipelinePart(tx: Tx, { pipeline, version, definition }: PipelineApplied): Promise<void> {
  const { accepted, because } = checkPipelinePart(definition);
  const answer = { pipeline, version, because };
  if (accepted) tx.emit('millrace.monitoring.pipeline-part.ready.v1', answer, { pipelineVersion: version });
  else tx.emit('millrace.monitoring.pipeline-part.refused.v1', answer, { pipelineVersion: version });
}

/** From now on the version's rules count. */
export async function activatePipeline(tx: Tx, { pipeline, version, definition }: PipelineActivated): Promise<void> {
  await tx.lockKey(pipeline);
  const known = await tx.lockOrNull(PipelineRow, { pipeline });
  if (known && known.version > version) return;
  const row: PipelineRow = known ?? {
    pipeline,
    version,
    definition,
    champion: null,
    routeRevision: 0,
    predictions: null,
    labels: null,
    recordsWatermark: null,
    recordsAhead: {},
    late: null,
    refused: null,
    firstPredictionAt: null,
    nextWindowAt: null,
    nextOutcomeAt: null,
  };
  await tx.save(PipelineRow, { ...row, version, definition });
}
