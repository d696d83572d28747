import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { Programs } from './adapters/programs.js';
import { RunExecutor } from './adapters/run-executor.js';
import { RunQueue } from './adapters/run-queue.js';
import { activatePipeline } from './use-cases/activate-pipeline.js';
import { failRun } from './use-cases/fail-run.js';
import { championChanged, modelWasRefused, rolloutBegins, rolloutFailed, rolloutStarted } from './use-cases/follow-rollout.js';
import { hearDegradation, hearDrift } from './use-cases/hear-monitoring.js';
import { liftHolds } from './use-cases/lift-holds.js';
import { preparePipelinePart } from './use-cases/prepare-pipeline-part.js';
import { queueRun } from './use-cases/queue-run.js';
import { recordDataSetVersion } from './use-cases/record-data-set-version.js';

/** Every event that training hears. */
@Controller()
export class TrainingEvents {
  constructor(
    private readonly work: UnitOfWork,
    private readonly executor: RunExecutor,
    private readonly queue: RunQueue,
    private readonly programs: Programs,
  ) {}

  @On('millrace.registry.pipeline.applied.v1')
  pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<void> {
    return this.work.run(event, (tx) => preparePipelinePart(tx, event.data, (program) => this.programs.has(program)));
  }

  @On('millrace.registry.pipeline.activated.v1')
  pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<void> {
    return this.work.run(event, (tx) => activatePipeline(this.queued(tx), event.data));
  }

  @On('millrace.ingestion.data-set.version-published.v1')
  versionPublished(event: Event<'millrace.ingestion.data-set.version-published.v1'>): Promise<void> {
    return this.work.run(event, (tx) => recordDataSetVersion(this.queued(tx), event.data));
  }

  @On('millrace.monitoring.drift.detected.v1')
  driftDetected(event: Event<'millrace.monitoring.drift.detected.v1'>): Promise<void> {
    return this.work.run(event, (tx) => hearDrift(this.queued(tx), event.data));
  }

  @On('millrace.monitoring.performance.degraded.v1')
  performanceDegraded(event: Event<'millrace.monitoring.performance.degraded.v1'>): Promise<void> {
    return this.work.run(event, (tx) => hearDegradation(this.queued(tx), event.data));
  }

  @On('millrace.monitoring.alert.resolved.v1')
  alertResolved(event: Event<'millrace.monitoring.alert.resolved.v1'>): Promise<void> {
    return this.work.run(event, (tx) => liftHolds(this.queued(tx), event.data));
  }

  @On('millrace.feature-store.training-set.created.v1')
  async trainingSetCreated(event: Event<'millrace.feature-store.training-set.created.v1'>): Promise<void> {
    await this.work.run(event, (tx) => queueRun(tx, event.data));
    this.executor.wake();
  }

  @On('millrace.feature-store.training-set.refused.v1')
  trainingSetRefused(event: Event<'millrace.feature-store.training-set.refused.v1'>): Promise<void> {
    const { run, because } = event.data;
    return this.work.run(event, (tx) => failRun(this.queued(tx), run, null, { because, exitCode: null, log: null }));
  }

  @On('millrace.registry.model-version.approved.v1')
  modelVersionApproved(event: Event<'millrace.registry.model-version.approved.v1'>): Promise<void> {
    return this.work.run(event, (tx) => rolloutBegins(tx, event.data));
  }

  @On('millrace.registry.model-version.rejected.v1')
  modelVersionRejected(event: Event<'millrace.registry.model-version.rejected.v1'>): Promise<void> {
    return this.work.run(event, (tx) => modelWasRefused(this.queued(tx), event.data));
  }

  @On('millrace.deployment.rollout.started.v1')
  rolloutStarted(event: Event<'millrace.deployment.rollout.started.v1'>): Promise<void> {
    return this.work.run(event, (tx) => rolloutStarted(tx, event.data));
  }

  @On('millrace.deployment.rollout.completed.v1')
  rolloutCompleted(event: Event<'millrace.deployment.rollout.completed.v1'>): Promise<void> {
    return this.work.run(event, (tx) => championChanged(this.queued(tx), event.data));
  }

  @On('millrace.deployment.rollout.rolled-back.v1')
  rolloutRolledBack(event: Event<'millrace.deployment.rollout.rolled-back.v1'>): Promise<void> {
    return this.work.run(event, (tx) => rolloutFailed(this.queued(tx), event.data));
  }

  /** The queue looks again, and the executor ends what was cancelled, when the transaction is committed. */
  private queued(tx: Tx): Tx {
    tx.afterCommit(() => {
      this.queue.wake();
      this.executor.wake();
    });
    return tx;
  }
}
