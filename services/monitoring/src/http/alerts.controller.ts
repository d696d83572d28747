import type { Incident, OperationInput } from '@millrace/contracts';
import { Answers, UnitOfWork } from '@millrace/runtime';
import type { RequestCause } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { attendAlert } from '../use-cases/attend-alert.js';

@Controller()
export class AlertsController {
  constructor(private readonly work: UnitOfWork) {}

  @Answers('acknowledgeAlert')
  acknowledge({ project, alert, note }: OperationInput<'acknowledgeAlert'>, cause: RequestCause): Promise<Incident> {
    return this.work.run(cause, (tx) => attendAlert(tx, `${project}/${alert}`, { kind: 'acknowledge', by: cause.actor, note: note ?? '' }));
  }

  @Answers('snoozeAlert')
  snooze({ project, alert, note, durationMs }: OperationInput<'snoozeAlert'>, cause: RequestCause): Promise<Incident> {
    return this.work.run(cause, (tx) => attendAlert(tx, `${project}/${alert}`, { kind: 'snooze', by: cause.actor, note: note ?? '', forMs: durationMs }));
  }
}
