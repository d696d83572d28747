import type { Event, EventType, PipelinePartAnswer } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { ModelSigner } from './adapters/model-signer.js';
import { followRollback, followRolloutCompletion, followRolloutStart } from './use-cases/follow-rollout.js';
import { recordPipelinePart } from './use-cases/record-pipeline-part.js';
import { registerModelVersion } from './use-cases/register-model-version.js';
import { takeBackRun } from './use-cases/take-back-run.js';

type PartAnswered = Event<EventType> & { data: PipelinePartAnswer };

/** Every event that the registry consumes. */
@Controller()
export class RegistryEvents {
  constructor(
    private readonly work: UnitOfWork,
    private readonly signer: ModelSigner,
  ) {}

  @On('millrace.training.evaluation.completed.v1')
  evaluationCompleted(event: Event<'millrace.training.evaluation.completed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => registerModelVersion(tx, event, this.signer));
  }

  @On('millrace.training.run.cancelled.v1')
  runCancelled(event: Event<'millrace.training.run.cancelled.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => takeBackRun(tx, event.data));
  }

  @On('millrace.deployment.rollout.started.v1')
  rolloutStarted(event: Event<'millrace.deployment.rollout.started.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => followRolloutStart(tx, event.data));
  }

  @On('millrace.deployment.rollout.completed.v1')
  rolloutCompleted(event: Event<'millrace.deployment.rollout.completed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => followRolloutCompletion(tx, event.data));
  }

  @On('millrace.deployment.rollout.rolled-back.v1')
  rolledBack(event: Event<'millrace.deployment.rollout.rolled-back.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => followRollback(tx, event.data));
  }

  @On('millrace.ingestion.pipeline-part.ready.v1')
  ingestionReady(event: Event<'millrace.ingestion.pipeline-part.ready.v1'>): Promise<unknown> {
    return this.#partAnswered('ingestion', 'ready', event);
  }

  @On('millrace.ingestion.pipeline-part.refused.v1')
  ingestionRefused(event: Event<'millrace.ingestion.pipeline-part.refused.v1'>): Promise<unknown> {
    return this.#partAnswered('ingestion', 'refused', event);
  }

  @On('millrace.validation.pipeline-part.ready.v1')
  validationReady(event: Event<'millrace.validation.pipeline-part.ready.v1'>): Promise<unknown> {
    return this.#partAnswered('validation', 'ready', event);
  }

  @On('millrace.validation.pipeline-part.refused.v1')
  validationRefused(event: Event<'millrace.validation.pipeline-part.refused.v1'>): Promise<unknown> {
    return this.#partAnswered('validation', 'refused', event);
  }

  @On('millrace.feature-store.pipeline-part.ready.v1')
  featureStoreReady(event: Event<'millrace.feature-store.pipeline-part.ready.v1'>): Promise<unknown> {
    return this.#partAnswered('feature-store', 'ready', event);
  }

  @On('millrace.feature-store.pipeline-part.refused.v1')
  featureStoreRefused(event: Event<'millrace.feature-store.pipeline-part.refused.v1'>): Promise<unknown> {
    return this.#partAnswered('feature-store', 'refused', event);
  }

  @On('millrace.training.pipeline-part.ready.v1')
  trainingReady(event: Event<'millrace.training.pipeline-part.ready.v1'>): Promise<unknown> {
    return this.#partAnswered('training', 'ready', event);
  }

  @On('millrace.training.pipeline-part.refused.v1')
  trainingRefused(event: Event<'millrace.training.pipeline-part.refused.v1'>): Promise<unknown> {
    return this.#partAnswered('training', 'refused', event);
  }

  @On('millrace.deployment.pipeline-part.ready.v1')
  deploymentReady(event: Event<'millrace.deployment.pipeline-part.ready.v1'>): Promise<unknown> {
    return this.#partAnswered('deployment', 'ready', event);
  }

  @On('millrace.deployment.pipeline-part.refused.v1')
  deploymentRefused(event: Event<'millrace.deployment.pipeline-part.refused.v1'>): Promise<unknown> {
    return this.#partAnswered('deployment', 'refused', event);
  }

  @On('millrace.monitoring.pipeline-part.ready.v1')
  monitoringReady(event: Event<'millrace.monitoring.pipeline-part.ready.v1'>): Promise<unknown> {
    return this.#partAnswered('monitoring', 'ready', event);
  }

  @On('millrace.monitoring.pipeline-part.refused.v1')
  monitoringRefused(event: Event<'millrace.monitoring.pipeline-part.refused.v1'>): Promise<unknown> {
    return this.#partAnswered('monitoring', 'refused', event);
  }

  @On('millrace.governance.pipeline-part.ready.v1')
  governanceReady(event: Event<'millrace.governance.pipeline-part.ready.v1'>): Promise<unknown> {
    return this.#partAnswered('governance', 'ready', event);
  }

  #partAnswered(service: string, state: 'ready' | 'refused', event: PartAnswered): Promise<unknown> {
    return this.work.run(event, (tx) => recordPipelinePart(tx, service, state, event.data));
  }
}
