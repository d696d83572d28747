import type { OperationInput, PipelinePartVerdict } from '@millrace/contracts';
import { Answers } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { checkPipelinePart } from '../use-cases/check-pipeline-part.js';

@Controller()
export class PipelinePartsController {
  @Answers('checkGovernancePart')
  check({ definition }: OperationInput<'checkGovernancePart'>): Promise<PipelinePartVerdict> {
    return Promise.resolve(checkPipelinePart(definition));
  }
}
