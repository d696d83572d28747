import type { Event } from '@millrace/contracts';
import { On, UnitOfWork } from '@millrace/runtime';
import { Controller } from '@nestjs/common';
import { activatePipeline } from './use-cases/activate-pipeline.js';
import { judgeStep } from './use-cases/judge-step.js';
import { openRollout } from './use-cases/open-rollout.js';
import { preparePipelinePart } from './use-cases/prepare-pipeline-part.js';
import { reactToMonitoring, resumeRollout } from './use-cases/react-to-monitoring.js';
import { followWithdrawal } from './use-cases/roll-back-route.js';

/** Every event that deployment consumes. */
@Controller()
export class DeploymentEvents {
  constructor(private readonly work: UnitOfWork) {}

  @On('millrace.registry.pipeline.applied.v1')
  pipelineApplied(event: Event<'millrace.registry.pipeline.applied.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => preparePipelinePart(tx, event.data));
  }

  @On('millrace.registry.pipeline.activated.v1')
  pipelineActivated(event: Event<'millrace.registry.pipeline.activated.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => activatePipeline(tx, event.data));
  }

  @On('millrace.registry.model-version.approved.v1')
  modelVersionApproved(event: Event<'millrace.registry.model-version.approved.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => openRollout(tx, event.data));
  }

  @On('millrace.registry.model-version.withdrawn.v1')
  modelVersionWithdrawn(event: Event<'millrace.registry.model-version.withdrawn.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => followWithdrawal(tx, event.data));
  }

  @On('millrace.monitoring.analysis.completed.v1')
  analysisCompleted(event: Event<'millrace.monitoring.analysis.completed.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => judgeStep(tx, event.data));
  }

  @On('millrace.monitoring.drift.detected.v1')
  driftDetected(event: Event<'millrace.monitoring.drift.detected.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => reactToMonitoring(tx, { kind: 'drift', event: event.data }));
  }

  @On('millrace.monitoring.performance.degraded.v1')
  performanceDegraded(event: Event<'millrace.monitoring.performance.degraded.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => reactToMonitoring(tx, { kind: 'performance', event: event.data }));
  }

  @On('millrace.monitoring.alert.resolved.v1')
  alertResolved(event: Event<'millrace.monitoring.alert.resolved.v1'>): Promise<unknown> {
    return this.work.run(event, (tx) => resumeRollout(tx, event.data));
  }
}
