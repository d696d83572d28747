import { RuntimeModule } from '@millrace/runtime';
import { Module } from '@nestjs/common';
import { CodeStore } from './adapters/code-store.js';
import { ModelSigner } from './adapters/model-signer.js';
import { PartChecks } from './adapters/part-checks.js';
import { ModelVersionsController } from './http/model-versions.controller.js';
import { PipelinesController } from './http/pipelines.controller.js';
import { RegistryEvents } from './registry.events.js';
import { Pipelines0001 } from './store/migrations/0001-pipelines.js';
import { ModelVersions0002 } from './store/migrations/0002-model-versions.js';
import { CancelledRuns0003 } from './store/migrations/0003-cancelled-runs.js';
import { CancelledRunRow } from './store/cancelled-run.row.js';
import { ModelVersionRow } from './store/model-version.row.js';
import { PipelinePartRow } from './store/pipeline-part.row.js';
import { PipelineVersionRow } from './store/pipeline-version.row.js';
import { PipelineRow } from './store/pipeline.row.js';

/** Pipeline definitions and model versions. */
@Module({
  imports: [
    RuntimeModule.forService({
      name: 'registry',
      rows: [PipelineRow, PipelineVersionRow, PipelinePartRow, ModelVersionRow, CancelledRunRow],
      migrations: [Pipelines0001, ModelVersions0002, CancelledRuns0003],
    }),
  ],
  controllers: [PipelinesController, ModelVersionsController, RegistryEvents],
  providers: [CodeStore, ModelSigner, PartChecks],
})
export class RegistryModule {}
