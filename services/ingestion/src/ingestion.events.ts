import { Controller } from '@nestjs/common';
import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { DataPlane } from './adapters/data-plane.js';
import { DataTopics } from './adapters/data-topics.js';
import { Publisher } from './adapters/publisher.js';
import { activatePart } from './use-cases/activate-part.js';
import { acceptSegment, rejectSegment } from './use-cases/judge-staged-segment.js';
import { preparePart } from './use-cases/prepare-part.js';

@Controller()
export class IngestionEvents {
  constructor(
    private readonly work: UnitOfWork,
    private readonly topics: DataTopics,
    private readonly dataPlane: DataPlane,
    private readonly publisher: Publisher,
  ) {}

  @On('millrace.registry.pipeline.applied.v1')
  async pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<unknown> {
    await this.topics.ensureFor(event.data.definition);
    return this.work.run(event, (tx) => preparePart(tx, event.data));
  }

  @On('millrace.registry.pipeline.activated.v1')
  async pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<unknown> {
    await this.work.run(event, (tx) => activatePart(tx, event.data));
    return this.dataPlane.wake();
  }

  @On('millrace.validation.segment.accepted.v1')
  async segmentAccepted(event: Event<'millrace.validation.segment.accepted.v1'>): Promise<unknown> {
    await this.work.run(event, (tx) => acceptSegment(tx, event.data));
    return this.publisher.wake();
  }

  @On('millrace.validation.segment.rejected.v1')
  async segmentRejected(event: Event<'millrace.validation.segment.rejected.v1'>): Promise<unknown> {
    await this.work.run(event, (tx) => rejectSegment(tx, event.data));
    return this.publisher.wake();
  }
}
