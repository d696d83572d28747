import type { OperationInput, OperationOutput } from '@millrace/contracts';
import type { RequestCause } from '@millrace/runtime';
import { Answers, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { RunQueue } from '../adapters/run-queue.js';
import { askForRun } from '../use-cases/ask-for-run.js';
import { getRun, listRuns } from '../use-cases/list-runs.js';
import { listTriggers } from '../use-cases/list-triggers.js';
import { listQueuedRuns } from '../use-cases/run-queue.js';

@Controller()
export class RunsController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly queue: RunQueue,
  ) {}

  @Answers('listRuns')
  async list({ project, name, limit = 100 }: OperationInput<'listRuns'>): Promise<OperationOutput<'listRuns'>> {
    return { runs: await this.work.read((tx) => listRuns(tx, `${project}/${name}`, limit)) };
  }

  @Answers('listQueuedRuns')
  queued(): Promise<OperationOutput<'listQueuedRuns'>> {
    return this.work.read((tx) => listQueuedRuns(tx, this.queue.rules));
  }

  @Answers('getRun')
  get({ project, run }: OperationInput<'getRun'>): Promise<OperationOutput<'getRun'>> {
    return this.work.read((tx) => getRun(tx, `${project}/${run}`));
  }

  @Answers('requestRun')
  request({ project, name, reason }: OperationInput<'requestRun'>, cause: RequestCause): Promise<OperationOutput<'requestRun'>> {
    return this.work.run(cause, (tx) => {
      tx.afterCommit(() => this.queue.wake());
      return askForRun(tx, `${project}/${name}`, reason);
    });
  }

  @Answers('listTriggers')
  async triggers({ project, name, limit = 100 }: OperationInput<'listTriggers'>): Promise<OperationOutput<'listTriggers'>> {
    return { triggers: await this.work.read((tx) => listTriggers(tx, `${project}/${name}`, limit)) };
  }
}
