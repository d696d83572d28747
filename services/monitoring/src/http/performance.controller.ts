import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { listPerformance } from '../use-cases/list-performance.js';

@Controller()
export class PerformanceController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('listPerformance')
  list(query: OperationInput<'listPerformance'>): Promise<OperationOutput<'listPerformance'>> {
    return this.work.read((tx) => listPerformance(tx, query));
  }
}
