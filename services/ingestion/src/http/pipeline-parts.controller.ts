import { Controller } from '@nestjs/common';
import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { checkPart } from '../use-cases/prepare-part.js';

@Controller()
export class PipelinePartsController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('checkIngestionPart')
  check({ definition }: OperationInput<'checkIngestionPart'>): Promise<OperationOutput<'checkIngestionPart'>> {
    return this.work.read((tx) => checkPart(tx, definition));
  }
}
