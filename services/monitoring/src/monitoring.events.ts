import { Controller } from '@nestjs/common';
import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { Watcher } from './adapters/watcher.js';
import { fileEvaluation, fileTrainingSet } from './use-cases/file-reference.js';
import { closeAnalyses, followRoute, openAnalysis } from './use-cases/follow-rollout.js';
import { factOfEvaluation, factOfRollBack, factOfRollout, keepFact } from './use-cases/loop-facts.js';
import { activatePipeline, preparePipelinePart } from './use-cases/prepare-pipeline-part.js';
import { recordDataSetVersion } from './use-cases/record-data-set-version.js';

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

  /** The watcher looks again when the transaction is committed. */
  private watched(tx: Tx): Tx {
    tx.afterCommit(() => this.watcher.wake());
    return tx;
  }
}
