import type { OperationInput, OperationOutput } from '@millrace/contracts';
import type { RequestCause } from '@millrace/runtime';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { RunQueue } from '../adapters/run-queue.js';
import { listHolds } from '../use-cases/list-holds.js';
import { releaseHold } from '../use-cases/release-hold.js';

@Controller()
export class HoldsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly queue: RunQueue,
  ) {}

  @Answers('listHolds')
  async list({ project, name }: OperationInput<'listHolds'>): Promise<OperationOutput<'listHolds'>> {
    return { holds: await this.work.read((tx) => listHolds(tx, `${project}/${name}`)) };
  }

  @Answers('releaseHold')
  release({ project, hold, excluded }: OperationInput<'releaseHold'>, cause: RequestCause): Promise<OperationOutput<'releaseHold'>> {
    return this.work.run(cause, (tx) => {
      tx.afterCommit(() => this.queue.wake());
      return releaseHold(tx, `${project}/${hold}`, excluded ?? null);
    });
  }
}
