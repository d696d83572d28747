import { eventCatalogue } from '@millrace/contracts';
import type { Event, EventType } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { activatePipelinePart } from './use-cases/activate-pipeline-part.js';
import { preparePipelinePart } from './use-cases/prepare-pipeline-part.js';

/** Every event of the contracts. */
export const allTypes: readonly EventType[] = Object.keys(eventCatalogue) as EventType[];
/** Every lifecycle event enters the audit log, but not the log's own checkpoints: it would never rest. */
export const auditedTopics: readonly string[] = [...new Set(allTypes.filter((type) => type !== 'millrace.governance.checkpoint.published.v1').map((type) => eventCatalogue[type].topic))];

/** What governance does about single events, besides logging all of them. */
@Controller()
export class GovernanceEvents {
  constructor(private readonly work: UnitOfWork) {}

  @On('millrace.registry.pipeline.applied.v1')
  pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => preparePipelinePart(tx, event.data));
  }

  @On('millrace.registry.pipeline.activated.v1')
  pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => activatePipelinePart(tx, event.data));
  }
}
