import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { Programs } from '../adapters/programs.js';
import { checkPipelinePart } from '../use-cases/check-pipeline-part.js';

@Controller()
export class PipelinePartsController {
  constructor(private readonly programs: Programs) {}

  @Answers('checkTrainingPart')
  check({ definition }: OperationInput<'checkTrainingPart'>): Promise<OperationOutput<'checkTrainingPart'>> {
    return Promise.resolve(checkPipelinePart(definition, (program) => this.programs.has(program)));
  }
}
