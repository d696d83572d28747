import { Module } from '@nestjs/common';
import { RuntimeModule } from '@millrace/runtime';
import { DataPlane } from './adapters/data-plane.js';
import { DataSetTables } from './adapters/data-set-tables.js';
import { DataTopics } from './adapters/data-topics.js';
import { FileLoader } from './adapters/file-loader.js';
import { IngestionGauges } from './adapters/ingestion-gauges.js';
import { Publisher } from './adapters/publisher.js';
import { SegmentStager } from './adapters/segment-stager.js';
import { DataSetsController } from './http/data-sets.controller.js';
import { FilesController } from './http/files.controller.js';
import { PipelinePartsController } from './http/pipeline-parts.controller.js';
import { QuarantineController } from './http/quarantine.controller.js';
import { RecordsController } from './http/records.controller.js';
import { IngestionEvents } from './ingestion.events.js';
import { DataSetRow } from './store/data-set.row.js';
import { FileLoadRow } from './store/file-load.row.js';
import { DataSets0001 } from './store/migrations/0001-data-sets.js';
import { QuarantineHeaders0002 } from './store/migrations/0002-quarantine-headers.js';
import { PartitionPositionRow } from './store/partition-position.row.js';
import { PublicationRow } from './store/publication.row.js';
import { QuarantinedRecordRow } from './store/quarantined-record.row.js';
import { SegmentRow } from './store/segment.row.js';

const rows = [DataSetRow, FileLoadRow, PartitionPositionRow, PublicationRow, QuarantinedRecordRow, SegmentRow];

@Module({
  imports: [RuntimeModule.forService({ name: 'ingestion', rows, migrations: [DataSets0001, QuarantineHeaders0002] })],
  controllers: [DataSetsController, FilesController, PipelinePartsController, QuarantineController, RecordsController, IngestionEvents],
  providers: [DataPlane, DataSetTables, DataTopics, FileLoader, IngestionGauges, Publisher, SegmentStager],
})
export class IngestionModule {}
