import { Module } from '@nestjs/common';
import { RuntimeModule } from '@millrace/runtime';
import { AnalysisReader } from './adapters/analysis-reader.js';
import { PredictionReader } from './adapters/prediction-reader.js';
import { PublishedTables } from './adapters/published-tables.js';
import { QualityReader } from './adapters/quality-reader.js';
import { QualityWatcher } from './adapters/quality-watcher.js';
import { ReferenceBuilder } from './adapters/reference-builder.js';
import { SkewReader } from './adapters/skew-reader.js';
import { SnoozeClock } from './adapters/snooze-clock.js';
import { Watcher } from './adapters/watcher.js';
import { AlertsController } from './http/alerts.controller.js';
import { IncidentsController } from './http/incidents.controller.js';
import { LoopKpisController } from './http/loop-kpis.controller.js';
import { PerformanceController } from './http/performance.controller.js';
import { PipelinePartsController } from './http/pipeline-parts.controller.js';
import { PolicyReplaysController } from './http/policy-replays.controller.js';
import { WindowsController } from './http/windows.controller.js';
import { MonitoringEvents } from './monitoring.events.js';
import { QualityMetrics } from './quality-metrics.js';
import { AnalysisRow } from './store/analysis.row.js';
import { IncidentRow } from './store/incident.row.js';
import { LoopFactRow } from './store/loop-fact.row.js';
import { WatchedPipelines0001 } from './store/migrations/0001-watched-pipelines.js';
import { CountedReferences0002 } from './store/migrations/0002-counted-references.js';
import { PerformanceAndLoop0003 } from './store/migrations/0003-performance-and-loop.js';
import { Explanations0004 } from './store/migrations/0004-explanations.js';
import { SharedIncidents0005 } from './store/migrations/0005-shared-incidents.js';
import { PerformanceRow } from './store/performance.row.js';
import { PipelineRow } from './store/pipeline.row.js';
import { PublishedTableRow } from './store/published-table.row.js';
import { QualityReferenceRow } from './store/quality-reference.row.js';
import { ReferenceRow } from './store/reference.row.js';
import { VersionRunRow } from './store/version-run.row.js';
import { WindowRow } from './store/window.row.js';

@Module({
  imports: [
    RuntimeModule.forService({
      name: 'monitoring',
      rows: [AnalysisRow, IncidentRow, LoopFactRow, PerformanceRow, PipelineRow, PublishedTableRow, QualityReferenceRow, ReferenceRow, VersionRunRow, WindowRow],
      migrations: [WatchedPipelines0001, CountedReferences0002, PerformanceAndLoop0003, Explanations0004, SharedIncidents0005],
    }),
  ],
  controllers: [AlertsController, IncidentsController, LoopKpisController, PerformanceController, PipelinePartsController, PolicyReplaysController, WindowsController, MonitoringEvents],
  providers: [AnalysisReader, PredictionReader, PublishedTables, QualityMetrics, QualityReader, QualityWatcher, ReferenceBuilder, SkewReader, SnoozeClock, Watcher],
})
export class MonitoringModule {}
