import type { OperationInput, PipelinePartVerdict } from '@millrace/contracts';
import { Answers } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { checkGovernancePart } from '../use-cases/prepare-pipeline-part.js';

@Controller()
export class PipelinePartsController {
  @Answers('checkGovernancePart')
  check({ definition }: OperationInput<'checkGovernancePart'>): Promise<PipelinePartVerdict> {
    return Promise.resolve(checkGovernancePart(definition));
  }
}
