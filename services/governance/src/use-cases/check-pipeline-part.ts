import type { Pipeline, PipelinePartVerdict } from '@millrace/contracts';

/** Governance takes every pipeline; its findings say who is told what. */
export function checkPipelinePart(definition: Pipeline): PipelinePartVerdict {
  const owner = (name: string | null, of: string) => ({ check: `${of}-owner`, passed: true, detail: name === null ? `nobody is named as owner of the ${of}` : `${name} is told` });
  return { accepted: true, because: [owner(definition.owners.data, 'data'), owner(definition.owners.model, 'model')] };
}
