import { JwtSigner, Logger, RuntimeModule, ServiceClient, ServiceIdentity, Settings, UnitOfWork, Workers } from '@millrace/runtime';
import { DuckDb, openObjectStore } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import { MillraceError } from '@millrace/contracts';
import { Module } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Objects } from './adapters/objects.js';
import { Programs } from './adapters/programs.js';
import { RunEvaluator } from './adapters/run-evaluator.js';
import { RunExecutor } from './adapters/run-executor.js';
import { RunLogs } from './adapters/run-logs.js';
import { RunQueue, projectBudgetsIn } from './adapters/run-queue.js';
import { RunOutputs } from './adapters/run-outputs.js';
import { WindowTrials } from './adapters/window-trials.js';
import { RunVariables } from './adapters/run-variables.js';
import { HoldsController } from './http/holds.controller.js';
import { PipelinePartsController } from './http/pipeline-parts.controller.js';
import { RunsController } from './http/runs.controller.js';
import { TrackedArtifactsController } from './http/tracked-artifacts.controller.js';
import { TrackingController } from './http/tracking.controller.js';
import { DataSetDayRow } from './store/data-set-day.row.js';
import { DataSetRow } from './store/data-set.row.js';
import { HoldRow } from './store/hold.row.js';
import { Runs0001 } from './store/migrations/0001-runs.js';
import { Tracking0002 } from './store/migrations/0002-tracking.js';
import { RunQueue0003 } from './store/migrations/0003-run-queue.js';
import { TriggersOfVersions0004 } from './store/migrations/0004-triggers-of-versions.js';
import { PipelineRow } from './store/pipeline.row.js';
import { RunRow } from './store/run.row.js';
import { TrackedArtifactRow } from './store/tracked-artifact.row.js';
import { TrackedExperimentRow } from './store/tracked-experiment.row.js';
import { TrackedRunRow } from './store/tracked-run.row.js';
import { TriggerRow } from './store/trigger.row.js';
import { TrainingEvents } from './training.events.js';

type TrainingSettings = Settings<'training'>;

/** Triggers, runs, the tracking API and evaluations. */
@Module({
  imports: [
    RuntimeModule.forService({
      name: 'training',
      rows: [PipelineRow, DataSetRow, DataSetDayRow, TriggerRow, HoldRow, RunRow, TrackedExperimentRow, TrackedRunRow, TrackedArtifactRow],
      migrations: [Runs0001, Tracking0002, RunQueue0003, TriggersOfVersions0004],
    }),
  ],
  controllers: [TrainingEvents, RunsController, HoldsController, PipelinePartsController, TrackingController, TrackedArtifactsController],
  providers: [
    { provide: Objects, inject: [Settings], useFactory: objectsOf },
    { provide: DuckDb, useFactory: () => DuckDb.open({ memoryLimitMegabytes: 256 }) },
    { provide: Programs, inject: [Settings], useFactory: ({ python }: TrainingSettings) => new Programs(python, process.env['PATH'] ?? '') },
    { provide: RunVariables, inject: [JwtSigner, Programs, HttpAdapterHost], useFactory: variablesOf },
    { provide: RunLogs, inject: [Objects], useFactory: (objects: ObjectStore) => new RunLogs(objects) },
    {
      provide: RunOutputs,
      inject: [Objects, DuckDb, Programs],
      useFactory: (...parts: ConstructorParameters<typeof RunOutputs>) => new RunOutputs(...parts),
    },
    {
      provide: RunQueue,
      inject: [Settings, UnitOfWork, Workers],
      useFactory: ({ runsUnderWay, longestQueueMs, projectBudgets }: TrainingSettings, work: UnitOfWork, workers: Workers) =>
        new RunQueue(work, workers, { mostUnderWay: runsUnderWay, longestQueueMs, projectBudgets: projectBudgetsIn(projectBudgets) }),
    },
    {
      provide: RunEvaluator,
      inject: [UnitOfWork, Workers, ServiceClient, Objects, DuckDb, RunQueue],
      useFactory: (work: UnitOfWork, workers: Workers, services: ServiceClient, objects: ObjectStore, duckDb: DuckDb, queue: RunQueue) =>
        new RunEvaluator({ work, workers, services, objects, duckDb, queue }),
    },
    {
      provide: RunExecutor,
      inject: [Settings, UnitOfWork, Workers, ServiceIdentity, Logger, Objects, Programs, RunVariables, RunOutputs, RunLogs, RunEvaluator, RunQueue, DuckDb],
      useFactory: executorOf,
    },
  ],
})
export class TrainingModule implements OnModuleDestroy {
  constructor(private readonly duckDb: DuckDb) {}

  onModuleDestroy(): Promise<void> {
    return this.duckDb.close();
  }
}

function objectsOf({ objectStoreUrl, s3AccessKey, s3SecretKey }: TrainingSettings): ObjectStore {
  if (!objectStoreUrl) throw new MillraceError('invalid-settings', 'MILLRACE_OBJECT_STORE_URL is required by training');
  return openObjectStore(objectStoreUrl, { ...(s3AccessKey ? { accessKey: s3AccessKey } : {}), ...(s3SecretKey ? { secretKey: s3SecretKey } : {}) });
}

/** Commands reach this service where it listens: they run on the same machine. */
function variablesOf(signer: JwtSigner, programs: Programs, { httpAdapter }: HttpAdapterHost): RunVariables {
  return new RunVariables(signer, programs, () => {
    const address = (httpAdapter.getHttpServer() as { address(): { address: string; port: number } }).address();
    return `http://${address.address.includes(':') ? `[${address.address}]` : address.address}:${address.port}`;
  });
}

function executorOf(
  { workDir, concurrentRuns }: TrainingSettings,
  work: UnitOfWork,
  workers: Workers,
  identity: ServiceIdentity,
  logger: Logger,
  objects: ObjectStore,
  programs: Programs,
  variables: RunVariables,
  outputs: RunOutputs,
  logs: RunLogs,
  evaluator: RunEvaluator,
  queue: RunQueue,
  duckDb: DuckDb,
): RunExecutor {
  const parts = { work, workers, identity, logger, objects, programs, variables, outputs, logs, evaluator, queue, trials: new WindowTrials(duckDb) };
  return new RunExecutor(parts, { workDir, concurrentRuns });
}
