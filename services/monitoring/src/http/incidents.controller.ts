import type { Incident, OperationInput, OperationOutput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { listIncidents, showIncident } from '../use-cases/show-incidents.js';

@Controller()
export class IncidentsController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('listIncidents')
  list(query: OperationInput<'listIncidents'>): Promise<OperationOutput<'listIncidents'>> {
    return this.work.read((tx) => listIncidents(tx, query));
  }

  @Answers('getIncident')
  show({ project, incident }: OperationInput<'getIncident'>): Promise<Incident> {
    return this.work.read((tx) => showIncident(tx, `${project}/${incident}`));
  }
}
