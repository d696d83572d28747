import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { TileLanes } from './adapters/tile-lanes.js';
import { TileRebuilder } from './adapters/tile-rebuilder.js';
import { TrainingSetWorker } from './adapters/training-set-worker.js';
import { activateFeatureView } from './use-cases/activate-feature-view.js';
import { notePublishedVersion } from './use-cases/note-published-version.js';
import { noteRejectedSegment } from './use-cases/note-rejected-segment.js';
import { noteStagedSegment } from './use-cases/note-staged-segment.js';
import { requestTrainingSet } from './use-cases/request-training-set.js';
import { takeFeatureView } from './use-cases/take-feature-view.js';

@Controller()
export class FeatureStoreEvents {
  constructor(
    private readonly work: UnitOfWork,
    private readonly lanes: TileLanes,
    private readonly builder: TrainingSetWorker,
    private readonly rebuilder: TileRebuilder,
  ) {}

  @On('millrace.registry.pipeline.applied.v1')
  pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => takeFeatureView(tx, event.data));
  }

  @On('millrace.registry.pipeline.activated.v1')
  pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => activateFeatureView(tx, event.data, () => this.wakeTiles()));
  }

  @On('millrace.ingestion.data-set.version-published.v1')
  versionPublished(event: Event<'millrace.ingestion.data-set.version-published.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => notePublishedVersion(tx, event.data, () => this.rebuilder.worker.wake()));
  }

  @On('millrace.ingestion.segment.staged.v1')
  segmentStaged(event: Event<'millrace.ingestion.segment.staged.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => noteStagedSegment(tx, event.data));
  }

  @On('millrace.validation.segment.rejected.v1')
  segmentRejected(event: Event<'millrace.validation.segment.rejected.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => noteRejectedSegment(tx, event.data, () => this.rebuilder.worker.wake()));
  }

  @On('millrace.training.run.requested.v1')
  runRequested(event: Event<'millrace.training.run.requested.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => requestTrainingSet(tx, event.data, () => this.builder.worker.wake()));
  }

  private wakeTiles(): void {
    this.lanes.worker.wake();
    this.rebuilder.worker.wake();
  }
}
