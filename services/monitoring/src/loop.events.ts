import { Controller } from '@nestjs/common';
import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { factOfCompletion, factOfFailure, factOfRejection, factOfRequest, factOfRolloutStart, keepFact } from './use-cases/loop-facts.js';

/** What happens in the loop besides what monitoring acts on, kept for its KPIs. */
@Controller()
export class LoopEvents {
  constructor(private readonly work: UnitOfWork) {}

  @On('millrace.training.run.requested.v1')
  runRequested(event: Event<'millrace.training.run.requested.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfRequest(event.data)));
  }

  @On('millrace.training.run.completed.v1')
  runCompleted(event: Event<'millrace.training.run.completed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfCompletion(event.data)));
  }

  @On('millrace.training.run.failed.v1')
  runFailed(event: Event<'millrace.training.run.failed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfFailure(event.data)));
  }

  @On('millrace.registry.model-version.rejected.v1')
  versionRejected(event: Event<'millrace.registry.model-version.rejected.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfRejection(event.data)));
  }

  @On('millrace.deployment.rollout.started.v1')
  rolloutStarted(event: Event<'millrace.deployment.rollout.started.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfRolloutStart(event.data)));
  }
}
