import type { PipelineActivated, PipelineApplied, Pipeline, PipelinePartVerdict } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';

/** Governance takes every pipeline; its findings say who is told what. */
export function checkGovernancePart(definition: Pipeline): PipelinePartVerdict {
  const owner = (name: string | null, of: string) => ({ check: `${of}-owner`, passed: true, detail: name === null ? `nobody is named as owner of the ${of}` : `${name} is told` });
  return { accepted: true, because: [owner(definition.owners.data, 'data'), owner(definition.owners.model, 'model')] };
}

/** Answers an applied pipeline version. */
export function prepareGovernancePart(tx: Tx, { pipeline, version, definition }: PipelineApplied): Promise<void> {
  const { because } = checkGovernancePart(definition);
  tx.emit('millrace.governance.pipeline-part.ready.v1', { pipeline, version, because: [...because] }, { pipelineVersion: version });
  return Promise.resolve();
}

/** Keeps what governance needs of the active version: which data sets are the pipeline's, and how long its command may take. */
export async function activateGovernancePart(tx: Tx, { pipeline, version, definition }: PipelineActivated): Promise<void> {
  const dataSets = [...definition.dataSets.map(({ id }) => id), `${pipeline}.predictions`];
  await tx.save(PipelineRow, { pipeline, version, dataSets, commandTimeMs: definition.training.timeoutMs });
}
