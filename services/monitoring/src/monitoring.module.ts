import { Module } from '@nestjs/common';
import { RuntimeModule } from '@millrace/runtime';
import { AnalysisReader } from './adapters/analysis-reader.js';
import { PredictionReader } from './adapters/prediction-reader.js';
import { PublishedTables } from './adapters/published-tables.js';
import { ReferenceBuilder } from './adapters/reference-builder.js';
import { Watcher } from './adapters/watcher.js';
import { IncidentsController } from './http/incidents.controller.js';
import { PipelinePartsController } from './http/pipeline-parts.controller.js';
import { WindowsController } from './http/windows.controller.js';
import { MonitoringEvents } from './monitoring.events.js';
import { AnalysisRow } from './store/analysis.row.js';
import { IncidentRow } from './store/incident.row.js';
import { WatchedPipelines0001 } from './store/migrations/0001-watched-pipelines.js';
import { CountedReferences0002 } from './store/migrations/0002-counted-references.js';
import { PipelineRow } from './store/pipeline.row.js';
import { ReferenceRow } from './store/reference.row.js';
import { WindowRow } from './store/window.row.js';

@Module({
  imports: [
    RuntimeModule.forService({
      name: 'monitoring',
      rows: [AnalysisRow, IncidentRow, PipelineRow, ReferenceRow, WindowRow],
      migrations: [WatchedPipelines0001, CountedReferences0002],
    }),
  ],
  controllers: [IncidentsController, PipelinePartsController, WindowsController, MonitoringEvents],
  providers: [AnalysisReader, PredictionReader, PublishedTables, ReferenceBuilder, Watcher],
})
export class MonitoringModule {}
