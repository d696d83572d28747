import { KafkaConnection, RuntimeModule, Settings, Topics, UnitOfWork, Workers } from '@millrace/runtime';
import { Module } from '@nestjs/common';
import { Tables } from './adapters/tables.js';
import { TileLanes } from './adapters/tile-lanes.js';
import { TileRebuilder } from './adapters/tile-rebuilder.js';
import { TileWorkers } from './adapters/tile-workers.js';
import { TrainingSetBuilder } from './adapters/training-set-builder.js';
import { TrainingSetWorker } from './adapters/training-set-worker.js';
import { FeatureStoreEvents } from './feature-store.events.js';
import { FeatureViewsController } from './http/feature-views.controller.js';
import { PipelinePartsController } from './http/pipeline-parts.controller.js';
import { TrainingSetsController } from './http/training-sets.controller.js';
import { FeatureViewRow } from './store/feature-view.row.js';
import { HoldOutRow } from './store/hold-out.row.js';
import { FeatureStore0001 } from './store/migrations/0001-feature-store.js';
import { SourcePositionRow } from './store/source-position.row.js';
import { SourceRow } from './store/source.row.js';
import { StagedSegmentRow } from './store/staged-segment.row.js';
import { TileRebuildRow } from './store/tile-rebuild.row.js';
import { TrainingSetRow } from './store/training-set.row.js';

@Module({
  imports: [
    RuntimeModule.forService({
      name: 'feature-store',
      rows: [FeatureViewRow, SourceRow, SourcePositionRow, StagedSegmentRow, TileRebuildRow, TrainingSetRow, HoldOutRow],
      migrations: [FeatureStore0001],
    }),
  ],
  controllers: [PipelinePartsController, FeatureViewsController, TrainingSetsController, FeatureStoreEvents],
  providers: [
    { provide: Tables, inject: [Settings], useFactory: (settings: Settings<'feature-store'>) => Tables.open(settings) },
    { provide: TrainingSetBuilder, inject: [Tables], useFactory: (tables: Tables) => new TrainingSetBuilder(tables) },
    { provide: TrainingSetWorker, inject: [Workers, UnitOfWork, TrainingSetBuilder], useFactory: (...args: ConstructorParameters<typeof TrainingSetWorker>) => new TrainingSetWorker(...args) },
    { provide: TileRebuilder, inject: [Workers, UnitOfWork, Tables], useFactory: (...args: ConstructorParameters<typeof TileRebuilder>) => new TileRebuilder(...args) },
    { provide: TileWorkers, inject: [Workers, UnitOfWork], useFactory: (workers: Workers, work: UnitOfWork) => new TileWorkers(workers, work) },
    {
      provide: TileLanes,
      inject: [KafkaConnection, Topics, UnitOfWork, Settings, Workers, TileWorkers],
      useFactory: (kafka: KafkaConnection, topics: Topics, work: UnitOfWork, settings: Settings<'feature-store'>, workers: Workers, tileWorkers: TileWorkers) =>
        new TileLanes({ kafka, topics, work, settings }, workers, tileWorkers),
    },
  ],
})
export class FeatureStoreModule {}
