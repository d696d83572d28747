import { Controller } from '@nestjs/common';
import type { OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { IsNull, Not } from 'typeorm';
import { toSegmentVerdict, VerdictRow } from '../store/verdict.row.js';
import { checkPart } from '../use-cases/prepare-part.js';

@Controller()
export class ValidationController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('checkValidationPart')
  check({ definition }: OperationInput<'checkValidationPart'>): Promise<OperationOutput<'checkValidationPart'>> {
    return Promise.resolve(checkPart(definition));
  }

  @Answers('listSegmentVerdicts')
  async list({ project, name, limit }: OperationInput<'listSegmentVerdicts'>): Promise<OperationOutput<'listSegmentVerdicts'>> {
    const rows = await this.work.read((tx) => tx.findMany(VerdictRow, { where: { dataSet: `${project}/${name}`, judgedAt: Not(IsNull()) }, order: { judgedAt: 'DESC' }, take: limit }));
    return { verdicts: rows.map(toSegmentVerdict) };
  }
}
