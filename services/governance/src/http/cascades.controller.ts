import type { Cascade, OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { listCascades } from '../use-cases/list-cascades.js';
import { showCascade } from '../use-cases/show-cascade.js';

@Controller()
export class CascadesController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('listCascades')
  list(query: OperationInput<'listCascades'>, { callerProject }: RequestCause): Promise<OperationOutput<'listCascades'>> {
    return this.work.read((tx) => listCascades(tx, query, callerProject));
  }

  @Answers('getCascade')
  show({ correlation }: OperationInput<'getCascade'>, { callerProject }: RequestCause): Promise<Cascade> {
    return this.work.read((tx) => showCascade(tx, correlation, callerProject));
  }
}
