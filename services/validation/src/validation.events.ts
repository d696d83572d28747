import { Controller } from '@nestjs/common';
import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { SegmentJudge } from './adapters/segment-judge.js';
import { activateSuites } from './use-cases/activate-suites.js';
import { announceSegment } from './use-cases/announce-segment.js';
import { preparePart } from './use-cases/prepare-part.js';

@Controller()
export class ValidationEvents {
  constructor(
    private readonly work: UnitOfWork,
    private readonly judge: SegmentJudge,
  ) {}

  @On('millrace.registry.pipeline.applied.v1')
  pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => preparePart(tx, event.data));
  }

  @On('millrace.registry.pipeline.activated.v1')
  async pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<unknown> {
    await this.work.run(event, (tx) => activateSuites(tx, event.data));
    return this.judge.wake();
  }

  @On('millrace.ingestion.segment.staged.v1')
  async segmentStaged(event: Event<'millrace.ingestion.segment.staged.v1'>): Promise<unknown> {
    await this.work.run(event, (tx) => announceSegment(tx, event.data));
    return this.judge.wake();
  }
}
