import type { Pipeline, PipelinePartVerdict } from '@millrace/contracts';
import { checkRolloutPart } from '@millrace/decisions';

/** What deployment says of a pipeline's rollout, without effect. */
export function checkPipelinePart(definition: Pipeline): PipelinePartVerdict {
  const because = checkRolloutPart(definition);
  return { accepted: because.every(({ passed }) => passed), because };
}
