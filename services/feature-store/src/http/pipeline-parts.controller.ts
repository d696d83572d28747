import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { checkPart } from '../use-cases/check-part.js';

@Controller()
export class PipelinePartsController {
  @Answers('checkFeatureStorePart')
  check({ definition }: OperationInput<'checkFeatureStorePart'>): Promise<OperationOutput<'checkFeatureStorePart'>> {
    const because = checkPart(definition);
    return Promise.resolve({ accepted: because.every((finding) => finding.passed), because });
  }
}
