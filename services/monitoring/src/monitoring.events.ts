import { Controller } from '@nestjs/common';
import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { Watcher } from './adapters/watcher.js';
import { fileEvaluation, fileTrainingSet } from './use-cases/file-reference.js';
import { closeAnalyses, followRoute, openAnalysis } from './use-cases/follow-rollout.js';
import { factOfCancellation, factOfCompletion, factOfEvaluation, factOfFailure, factOfRejection, factOfRequest, factOfRollBack, factOfRollout, factOfRolloutStart, keepFact } from './use-cases/loop-facts.js';
import { activatePipeline, preparePipelinePart } from './use-cases/prepare-pipeline-part.js';
import { recordDataSetVersion } from './use-cases/record-data-set-version.js';
import { recordRefused } from './use-cases/record-refused.js';

@Controller()
export class MonitoringEvents {
  constructor(
    private readonly work: UnitOfWork,
    private readonly watcher: Watcher,
  ) {}

  @On('millrace.registry.pipeline.applied.v1')
  pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => preparePipelinePart(tx, event.data));
  }

  @On('millrace.registry.pipeline.activated.v1')
  pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => activatePipeline(tx, event.data));
  }

  @On('millrace.ingestion.data-set.version-published.v1')
  versionPublished(event: Event<'millrace.ingestion.data-set.version-published.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => recordDataSetVersion(this.watched(tx), event.data));
  }

  @On('millrace.ingestion.record.quarantined.v1')
  recordQuarantined(event: Event<'millrace.ingestion.record.quarantined.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => recordRefused(tx, event.data));
  }

  @On('millrace.feature-store.training-set.created.v1')
  trainingSetCreated(event: Event<'millrace.feature-store.training-set.created.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => fileTrainingSet(tx, event.data));
  }

  @On('millrace.training.evaluation.completed.v1')
  evaluationCompleted(event: Event<'millrace.training.evaluation.completed.v1'>): Promise<unknown> {
    return this.work.run(event, async (tx) => {
      await fileEvaluation(tx, event.data);
      await keepFact(tx, event.data.pipeline, factOfEvaluation(event.data));
    });
  }

  @On('millrace.deployment.route.changed.v1')
  routeChanged(event: Event<'millrace.deployment.route.changed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => followRoute(this.watched(tx), event.data));
  }

  @On('millrace.deployment.rollout.stepped.v1')
  rolloutStepped(event: Event<'millrace.deployment.rollout.stepped.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => openAnalysis(this.watched(tx), event.data));
  }

  @On('millrace.deployment.rollout.completed.v1')
  rolloutCompleted(event: Event<'millrace.deployment.rollout.completed.v1'>): Promise<unknown> {
    return this.work.run(event, async (tx) => {
      await closeAnalyses(tx, event.data);
      await keepFact(tx, event.data.pipeline, factOfRollout(event.data));
    });
  }

  @On('millrace.deployment.rollout.rolled-back.v1')
  rolloutRolledBack(event: Event<'millrace.deployment.rollout.rolled-back.v1'>): Promise<unknown> {
    return this.work.run(event, async (tx) => {
      await closeAnalyses(tx, event.data);
      await keepFact(tx, event.data.pipeline, factOfRollBack(event.data));
    });
  }

  @On('millrace.training.run.requested.v1')
  runRequested(event: Event<'millrace.training.run.requested.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfRequest(event.data)));
  }

  @On('millrace.training.run.completed.v1')
  runCompleted(event: Event<'millrace.training.run.completed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfCompletion(event.data)));
  }

  @On('millrace.training.run.failed.v1')
  runFailed(event: Event<'millrace.training.run.failed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfFailure(event.data)));
  }

  @On('millrace.training.run.cancelled.v1')
  runCancelled(event: Event<'millrace.training.run.cancelled.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfCancellation(event.data)));
  }

  @On('millrace.registry.model-version.rejected.v1')
  versionRejected(event: Event<'millrace.registry.model-version.rejected.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfRejection(event.data)));
  }

  @On('millrace.deployment.rollout.started.v1')
  rolloutStarted(event: Event<'millrace.deployment.rollout.started.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => keepFact(tx, event.data.pipeline, factOfRolloutStart(event.data)));
  }

  /** The watcher looks again when the transaction is committed. */
  private watched(tx: Tx): Tx {
    tx.afterCommit(() => this.watcher.wake());
    return tx;
  }
}
