import { RuntimeModule } from '@millrace/runtime';
import { Module } from '@nestjs/common';
import { Administrator } from './adapters/administrator.js';
import { AuditReader } from './adapters/audit-reader.js';
import { LogKeeper } from './adapters/log-keeper.js';
import { LogSigner } from './adapters/log-signer.js';
import { MissingAnswer } from './adapters/missing-answer.js';
import { PredictionLog } from './adapters/prediction-log.js';
import { GovernanceEvents } from './governance.events.js';
import { AuditController } from './http/audit.controller.js';
import { CascadesController } from './http/cascades.controller.js';
import { LineageController } from './http/lineage.controller.js';
import { PipelinePartsController } from './http/pipeline-parts.controller.js';
import { TokensController } from './http/tokens.controller.js';
import { ApiTokenRow } from './store/api-token.row.js';
import { AuditEntryRow } from './store/audit-entry.row.js';
import { CascadeDeadLetterRow } from './store/cascade-dead-letter.row.js';
import { CascadeRow } from './store/cascade.row.js';
import { CascadeStepRow } from './store/cascade-step.row.js';
import { CheckpointRow } from './store/checkpoint.row.js';
import { LogHeadRow } from './store/log-head.row.js';
import { AuditLog0001 } from './store/migrations/0001-audit-log.js';
import { Cascades0002 } from './store/migrations/0002-cascades.js';
import { ApiTokens0003 } from './store/migrations/0003-api-tokens.js';
import { DeadLetters0004 } from './store/migrations/0004-dead-letters.js';
import { Incidents0005 } from './store/migrations/0005-incidents.js';
import { PipelineRow } from './store/pipeline.row.js';

@Module({
  imports: [
    RuntimeModule.forService({
      name: 'governance',
      rows: [ApiTokenRow, AuditEntryRow, CascadeDeadLetterRow, CascadeRow, CascadeStepRow, CheckpointRow, LogHeadRow, PipelineRow],
      migrations: [AuditLog0001, Cascades0002, ApiTokens0003, DeadLetters0004, Incidents0005],
    }),
  ],
  controllers: [AuditController, CascadesController, LineageController, TokensController, PipelinePartsController, GovernanceEvents],
  providers: [Administrator, AuditReader, LogKeeper, LogSigner, MissingAnswer, PredictionLog],
})
export class GovernanceModule {}
