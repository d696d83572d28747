import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { TileLanes } from './adapters/tile-lanes.js';
import { TrainingSetWorker } from './adapters/training-set-worker.js';
import { activateFeatureView } from './use-cases/activate-feature-view.js';
import { notePublishedVersion } from './use-cases/note-published-version.js';
import { requestTrainingSet } from './use-cases/request-training-set.js';
import { suspectSegment } from './use-cases/suspect-segment.js';
import { takeFeatureView } from './use-cases/take-feature-view.js';

@Controller()
export class FeatureStoreEvents {
  constructor(
    private readonly work: UnitOfWork,
    private readonly lanes: TileLanes,
    private readonly builder: TrainingSetWorker,
  ) {}

  @On('millrace.registry.pipeline.applied.v1')
  pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => takeFeatureView(tx, event.data));
  }

  @On('millrace.registry.pipeline.activated.v1')
  pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => activateFeatureView(tx, event.data, () => this.lanes.worker.wake()));
  }

  @On('millrace.ingestion.data-set.version-published.v1')
  versionPublished(event: Event<'millrace.ingestion.data-set.version-published.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => notePublishedVersion(tx, event.data));
  }

  @On('millrace.validation.segment.rejected.v1')
  segmentRejected(event: Event<'millrace.validation.segment.rejected.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => suspectSegment(tx, event.data));
  }

  @On('millrace.training.run.requested.v1')
  runRequested(event: Event<'millrace.training.run.requested.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => requestTrainingSet(tx, event.data, () => this.builder.worker.wake()));
  }
}
