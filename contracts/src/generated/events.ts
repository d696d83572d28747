// Written by `npm run contracts`. Do not edit: change the files under contracts/ instead.

import type { EventDescription } from '../event.js';
import type {
  AlertAcknowledged,
  AlertRaised,
  AlertResolved,
  AlertSnoozed,
  AnalysisCompleted,
  CascadeStalled,
  CheckpointPublished,
  DataSetVersionPublished,
  DeadLetterDropped,
  DeadLetterRecorded,
  DeadLetterReplayed,
  DriftDetected,
  EvaluationCompleted,
  FeatureViewMaterialized,
  HoldLifted,
  HoldPlaced,
  ModelVersionApprovalRequested,
  ModelVersionApproved,
  ModelVersionRegistered,
  ModelVersionRejected,
  ModelVersionRetired,
  ModelVersionWithdrawn,
  PerformanceDegraded,
  PipelineActivated,
  PipelineApplied,
  PipelinePartAnswer,
  PipelineRefused,
  RecordsQuarantined,
  RolloutCompleted,
  RolloutPaused,
  RolloutRolledBack,
  RolloutStarted,
  RolloutStepped,
  RolloutSuperseded,
  RouteChanged,
  RunCancelled,
  RunCompleted,
  RunFailed,
  RunQueued,
  RunRequested,
  RunStarted,
  SegmentAccepted,
  SegmentRejected,
  SegmentStaged,
  TrainingSetCreated,
  TrainingSetRefused,
  TriggerDecided,
} from './types.js';

/** The data of each event, by the event's type. */
export interface EventData {
  'millrace.deployment.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.deployment.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.deployment.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.deployment.pipeline-part.ready.v1': PipelinePartAnswer;
  'millrace.deployment.pipeline-part.refused.v1': PipelinePartAnswer;
  'millrace.deployment.rollout.completed.v1': RolloutCompleted;
  'millrace.deployment.rollout.paused.v1': RolloutPaused;
  'millrace.deployment.rollout.rolled-back.v1': RolloutRolledBack;
  'millrace.deployment.rollout.started.v1': RolloutStarted;
  'millrace.deployment.rollout.stepped.v1': RolloutStepped;
  'millrace.deployment.rollout.superseded.v1': RolloutSuperseded;
  'millrace.deployment.route.changed.v1': RouteChanged;
  'millrace.feature-store.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.feature-store.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.feature-store.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.feature-store.feature-view.materialized.v1': FeatureViewMaterialized;
  'millrace.feature-store.pipeline-part.ready.v1': PipelinePartAnswer;
  'millrace.feature-store.pipeline-part.refused.v1': PipelinePartAnswer;
  'millrace.feature-store.training-set.created.v1': TrainingSetCreated;
  'millrace.feature-store.training-set.refused.v1': TrainingSetRefused;
  'millrace.governance.cascade.stalled.v1': CascadeStalled;
  'millrace.governance.checkpoint.published.v1': CheckpointPublished;
  'millrace.governance.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.governance.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.governance.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.governance.pipeline-part.ready.v1': PipelinePartAnswer;
  'millrace.ingestion.data-set.version-published.v1': DataSetVersionPublished;
  'millrace.ingestion.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.ingestion.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.ingestion.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.ingestion.pipeline-part.ready.v1': PipelinePartAnswer;
  'millrace.ingestion.pipeline-part.refused.v1': PipelinePartAnswer;
  'millrace.ingestion.record.quarantined.v1': RecordsQuarantined;
  'millrace.ingestion.segment.staged.v1': SegmentStaged;
  'millrace.monitoring.alert.acknowledged.v1': AlertAcknowledged;
  'millrace.monitoring.alert.raised.v1': AlertRaised;
  'millrace.monitoring.alert.resolved.v1': AlertResolved;
  'millrace.monitoring.alert.snoozed.v1': AlertSnoozed;
  'millrace.monitoring.analysis.completed.v1': AnalysisCompleted;
  'millrace.monitoring.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.monitoring.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.monitoring.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.monitoring.drift.detected.v1': DriftDetected;
  'millrace.monitoring.performance.degraded.v1': PerformanceDegraded;
  'millrace.monitoring.pipeline-part.ready.v1': PipelinePartAnswer;
  'millrace.monitoring.pipeline-part.refused.v1': PipelinePartAnswer;
  'millrace.registry.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.registry.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.registry.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.registry.model-version.approval-requested.v1': ModelVersionApprovalRequested;
  'millrace.registry.model-version.approved.v1': ModelVersionApproved;
  'millrace.registry.model-version.registered.v1': ModelVersionRegistered;
  'millrace.registry.model-version.rejected.v1': ModelVersionRejected;
  'millrace.registry.model-version.retired.v1': ModelVersionRetired;
  'millrace.registry.model-version.withdrawn.v1': ModelVersionWithdrawn;
  'millrace.registry.pipeline.activated.v1': PipelineActivated;
  'millrace.registry.pipeline.applied.v1': PipelineApplied;
  'millrace.registry.pipeline.refused.v1': PipelineRefused;
  'millrace.training.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.training.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.training.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.training.evaluation.completed.v1': EvaluationCompleted;
  'millrace.training.hold.lifted.v1': HoldLifted;
  'millrace.training.hold.placed.v1': HoldPlaced;
  'millrace.training.pipeline-part.ready.v1': PipelinePartAnswer;
  'millrace.training.pipeline-part.refused.v1': PipelinePartAnswer;
  'millrace.training.run.cancelled.v1': RunCancelled;
  'millrace.training.run.completed.v1': RunCompleted;
  'millrace.training.run.failed.v1': RunFailed;
  'millrace.training.run.queued.v1': RunQueued;
  'millrace.training.run.requested.v1': RunRequested;
  'millrace.training.run.started.v1': RunStarted;
  'millrace.training.trigger.decided.v1': TriggerDecided;
  'millrace.validation.dead-letter.dropped.v1': DeadLetterDropped;
  'millrace.validation.dead-letter.recorded.v1': DeadLetterRecorded;
  'millrace.validation.dead-letter.replayed.v1': DeadLetterReplayed;
  'millrace.validation.pipeline-part.ready.v1': PipelinePartAnswer;
  'millrace.validation.pipeline-part.refused.v1': PipelinePartAnswer;
  'millrace.validation.segment.accepted.v1': SegmentAccepted;
  'millrace.validation.segment.rejected.v1': SegmentRejected;
}

export type EventType = keyof EventData;

export const eventCatalogue: { readonly [T in EventType]: EventDescription } = {
  'millrace.deployment.dead-letter.dropped.v1': { topic: 'millrace.deployment.dead-letter', key: 'deadLetter', producer: 'deployment', consumers: ['governance'], retention: 'delete' },
  'millrace.deployment.dead-letter.recorded.v1': { topic: 'millrace.deployment.dead-letter', key: 'deadLetter', producer: 'deployment', consumers: ['governance'], retention: 'delete' },
  'millrace.deployment.dead-letter.replayed.v1': { topic: 'millrace.deployment.dead-letter', key: 'deadLetter', producer: 'deployment', consumers: ['governance'], retention: 'delete' },
  'millrace.deployment.pipeline-part.ready.v1': { topic: 'millrace.deployment.pipeline-part', key: 'pipeline', producer: 'deployment', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.deployment.pipeline-part.refused.v1': { topic: 'millrace.deployment.pipeline-part', key: 'pipeline', producer: 'deployment', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.deployment.rollout.completed.v1': { topic: 'millrace.deployment.rollout', key: 'pipeline', producer: 'deployment', consumers: ['governance', 'monitoring', 'registry', 'training'], retention: 'delete' },
  'millrace.deployment.rollout.paused.v1': { topic: 'millrace.deployment.rollout', key: 'pipeline', producer: 'deployment', consumers: ['governance'], retention: 'delete' },
  'millrace.deployment.rollout.rolled-back.v1': { topic: 'millrace.deployment.rollout', key: 'pipeline', producer: 'deployment', consumers: ['governance', 'monitoring', 'registry', 'training'], retention: 'delete' },
  'millrace.deployment.rollout.started.v1': { topic: 'millrace.deployment.rollout', key: 'pipeline', producer: 'deployment', consumers: ['governance', 'monitoring', 'registry', 'training'], retention: 'delete' },
  'millrace.deployment.rollout.stepped.v1': { topic: 'millrace.deployment.rollout', key: 'pipeline', producer: 'deployment', consumers: ['governance', 'monitoring'], retention: 'delete' },
  'millrace.deployment.rollout.superseded.v1': { topic: 'millrace.deployment.rollout', key: 'pipeline', producer: 'deployment', consumers: ['governance'], retention: 'delete' },
  'millrace.deployment.route.changed.v1': { topic: 'millrace.deployment.route', key: 'pipeline', producer: 'deployment', consumers: ['governance', 'inference', 'monitoring'], retention: 'compact' },
  'millrace.feature-store.dead-letter.dropped.v1': { topic: 'millrace.feature-store.dead-letter', key: 'deadLetter', producer: 'feature-store', consumers: ['governance'], retention: 'delete' },
  'millrace.feature-store.dead-letter.recorded.v1': { topic: 'millrace.feature-store.dead-letter', key: 'deadLetter', producer: 'feature-store', consumers: ['governance'], retention: 'delete' },
  'millrace.feature-store.dead-letter.replayed.v1': { topic: 'millrace.feature-store.dead-letter', key: 'deadLetter', producer: 'feature-store', consumers: ['governance'], retention: 'delete' },
  'millrace.feature-store.feature-view.materialized.v1': { topic: 'millrace.feature-store.feature-view', key: 'pipeline', producer: 'feature-store', consumers: ['governance'], retention: 'delete' },
  'millrace.feature-store.pipeline-part.ready.v1': { topic: 'millrace.feature-store.pipeline-part', key: 'pipeline', producer: 'feature-store', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.feature-store.pipeline-part.refused.v1': { topic: 'millrace.feature-store.pipeline-part', key: 'pipeline', producer: 'feature-store', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.feature-store.training-set.created.v1': { topic: 'millrace.feature-store.training-set', key: 'pipeline', producer: 'feature-store', consumers: ['governance', 'monitoring', 'training'], retention: 'delete' },
  'millrace.feature-store.training-set.refused.v1': { topic: 'millrace.feature-store.training-set', key: 'pipeline', producer: 'feature-store', consumers: ['governance', 'training'], retention: 'delete' },
  'millrace.governance.cascade.stalled.v1': { topic: 'millrace.governance.cascade', key: 'pipeline', producer: 'governance', consumers: ['governance'], retention: 'delete' },
  'millrace.governance.checkpoint.published.v1': { topic: 'millrace.governance.checkpoint', key: 'log', producer: 'governance', consumers: [], retention: 'delete' },
  'millrace.governance.dead-letter.dropped.v1': { topic: 'millrace.governance.dead-letter', key: 'deadLetter', producer: 'governance', consumers: ['governance'], retention: 'delete' },
  'millrace.governance.dead-letter.recorded.v1': { topic: 'millrace.governance.dead-letter', key: 'deadLetter', producer: 'governance', consumers: ['governance'], retention: 'delete' },
  'millrace.governance.dead-letter.replayed.v1': { topic: 'millrace.governance.dead-letter', key: 'deadLetter', producer: 'governance', consumers: ['governance'], retention: 'delete' },
  'millrace.governance.pipeline-part.ready.v1': { topic: 'millrace.governance.pipeline-part', key: 'pipeline', producer: 'governance', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.ingestion.data-set.version-published.v1': { topic: 'millrace.ingestion.data-set', key: 'dataSet', producer: 'ingestion', consumers: ['feature-store', 'governance', 'monitoring', 'training'], retention: 'delete' },
  'millrace.ingestion.dead-letter.dropped.v1': { topic: 'millrace.ingestion.dead-letter', key: 'deadLetter', producer: 'ingestion', consumers: ['governance'], retention: 'delete' },
  'millrace.ingestion.dead-letter.recorded.v1': { topic: 'millrace.ingestion.dead-letter', key: 'deadLetter', producer: 'ingestion', consumers: ['governance'], retention: 'delete' },
  'millrace.ingestion.dead-letter.replayed.v1': { topic: 'millrace.ingestion.dead-letter', key: 'deadLetter', producer: 'ingestion', consumers: ['governance'], retention: 'delete' },
  'millrace.ingestion.pipeline-part.ready.v1': { topic: 'millrace.ingestion.pipeline-part', key: 'pipeline', producer: 'ingestion', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.ingestion.pipeline-part.refused.v1': { topic: 'millrace.ingestion.pipeline-part', key: 'pipeline', producer: 'ingestion', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.ingestion.record.quarantined.v1': { topic: 'millrace.ingestion.record', key: 'dataSet', producer: 'ingestion', consumers: ['governance', 'monitoring'], retention: 'delete' },
  'millrace.ingestion.segment.staged.v1': { topic: 'millrace.ingestion.segment', key: 'dataSet', producer: 'ingestion', consumers: ['feature-store', 'governance', 'validation'], retention: 'delete' },
  'millrace.monitoring.alert.acknowledged.v1': { topic: 'millrace.monitoring.alert', key: 'pipeline', producer: 'monitoring', consumers: ['governance'], retention: 'delete' },
  'millrace.monitoring.alert.raised.v1': { topic: 'millrace.monitoring.alert', key: 'pipeline', producer: 'monitoring', consumers: ['governance'], retention: 'delete' },
  'millrace.monitoring.alert.resolved.v1': { topic: 'millrace.monitoring.alert', key: 'pipeline', producer: 'monitoring', consumers: ['deployment', 'governance', 'training'], retention: 'delete' },
  'millrace.monitoring.alert.snoozed.v1': { topic: 'millrace.monitoring.alert', key: 'pipeline', producer: 'monitoring', consumers: ['governance'], retention: 'delete' },
  'millrace.monitoring.analysis.completed.v1': { topic: 'millrace.monitoring.analysis', key: 'pipeline', producer: 'monitoring', consumers: ['deployment', 'governance'], retention: 'delete' },
  'millrace.monitoring.dead-letter.dropped.v1': { topic: 'millrace.monitoring.dead-letter', key: 'deadLetter', producer: 'monitoring', consumers: ['governance'], retention: 'delete' },
  'millrace.monitoring.dead-letter.recorded.v1': { topic: 'millrace.monitoring.dead-letter', key: 'deadLetter', producer: 'monitoring', consumers: ['governance'], retention: 'delete' },
  'millrace.monitoring.dead-letter.replayed.v1': { topic: 'millrace.monitoring.dead-letter', key: 'deadLetter', producer: 'monitoring', consumers: ['governance'], retention: 'delete' },
  'millrace.monitoring.drift.detected.v1': { topic: 'millrace.monitoring.drift', key: 'pipeline', producer: 'monitoring', consumers: ['deployment', 'governance', 'training'], retention: 'delete' },
  'millrace.monitoring.performance.degraded.v1': { topic: 'millrace.monitoring.performance', key: 'pipeline', producer: 'monitoring', consumers: ['deployment', 'governance', 'training'], retention: 'delete' },
  'millrace.monitoring.pipeline-part.ready.v1': { topic: 'millrace.monitoring.pipeline-part', key: 'pipeline', producer: 'monitoring', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.monitoring.pipeline-part.refused.v1': { topic: 'millrace.monitoring.pipeline-part', key: 'pipeline', producer: 'monitoring', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.registry.dead-letter.dropped.v1': { topic: 'millrace.registry.dead-letter', key: 'deadLetter', producer: 'registry', consumers: ['governance'], retention: 'delete' },
  'millrace.registry.dead-letter.recorded.v1': { topic: 'millrace.registry.dead-letter', key: 'deadLetter', producer: 'registry', consumers: ['governance'], retention: 'delete' },
  'millrace.registry.dead-letter.replayed.v1': { topic: 'millrace.registry.dead-letter', key: 'deadLetter', producer: 'registry', consumers: ['governance'], retention: 'delete' },
  'millrace.registry.model-version.approval-requested.v1': { topic: 'millrace.registry.model-version', key: 'pipeline', producer: 'registry', consumers: ['governance'], retention: 'delete' },
  'millrace.registry.model-version.approved.v1': { topic: 'millrace.registry.model-version', key: 'pipeline', producer: 'registry', consumers: ['deployment', 'governance', 'training'], retention: 'delete' },
  'millrace.registry.model-version.registered.v1': { topic: 'millrace.registry.model-version', key: 'pipeline', producer: 'registry', consumers: ['governance'], retention: 'delete' },
  'millrace.registry.model-version.rejected.v1': { topic: 'millrace.registry.model-version', key: 'pipeline', producer: 'registry', consumers: ['governance', 'monitoring', 'training'], retention: 'delete' },
  'millrace.registry.model-version.retired.v1': { topic: 'millrace.registry.model-version', key: 'pipeline', producer: 'registry', consumers: ['governance'], retention: 'delete' },
  'millrace.registry.model-version.withdrawn.v1': { topic: 'millrace.registry.model-version', key: 'pipeline', producer: 'registry', consumers: ['deployment', 'governance'], retention: 'delete' },
  'millrace.registry.pipeline.activated.v1': { topic: 'millrace.registry.pipeline', key: 'pipeline', producer: 'registry', consumers: ['deployment', 'feature-store', 'governance', 'ingestion', 'monitoring', 'training', 'validation'], retention: 'delete' },
  'millrace.registry.pipeline.applied.v1': { topic: 'millrace.registry.pipeline', key: 'pipeline', producer: 'registry', consumers: ['deployment', 'feature-store', 'governance', 'ingestion', 'monitoring', 'training', 'validation'], retention: 'delete' },
  'millrace.registry.pipeline.refused.v1': { topic: 'millrace.registry.pipeline', key: 'pipeline', producer: 'registry', consumers: ['governance'], retention: 'delete' },
  'millrace.training.dead-letter.dropped.v1': { topic: 'millrace.training.dead-letter', key: 'deadLetter', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.training.dead-letter.recorded.v1': { topic: 'millrace.training.dead-letter', key: 'deadLetter', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.training.dead-letter.replayed.v1': { topic: 'millrace.training.dead-letter', key: 'deadLetter', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.training.evaluation.completed.v1': { topic: 'millrace.training.evaluation', key: 'pipeline', producer: 'training', consumers: ['governance', 'monitoring', 'registry'], retention: 'delete' },
  'millrace.training.hold.lifted.v1': { topic: 'millrace.training.hold', key: 'pipeline', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.training.hold.placed.v1': { topic: 'millrace.training.hold', key: 'pipeline', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.training.pipeline-part.ready.v1': { topic: 'millrace.training.pipeline-part', key: 'pipeline', producer: 'training', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.training.pipeline-part.refused.v1': { topic: 'millrace.training.pipeline-part', key: 'pipeline', producer: 'training', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.training.run.cancelled.v1': { topic: 'millrace.training.run', key: 'pipeline', producer: 'training', consumers: ['governance', 'monitoring', 'registry'], retention: 'delete' },
  'millrace.training.run.completed.v1': { topic: 'millrace.training.run', key: 'pipeline', producer: 'training', consumers: ['governance', 'monitoring'], retention: 'delete' },
  'millrace.training.run.failed.v1': { topic: 'millrace.training.run', key: 'pipeline', producer: 'training', consumers: ['governance', 'monitoring'], retention: 'delete' },
  'millrace.training.run.queued.v1': { topic: 'millrace.training.run', key: 'pipeline', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.training.run.requested.v1': { topic: 'millrace.training.run', key: 'pipeline', producer: 'training', consumers: ['feature-store', 'governance', 'monitoring'], retention: 'delete' },
  'millrace.training.run.started.v1': { topic: 'millrace.training.run', key: 'pipeline', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.training.trigger.decided.v1': { topic: 'millrace.training.trigger', key: 'pipeline', producer: 'training', consumers: ['governance'], retention: 'delete' },
  'millrace.validation.dead-letter.dropped.v1': { topic: 'millrace.validation.dead-letter', key: 'deadLetter', producer: 'validation', consumers: ['governance'], retention: 'delete' },
  'millrace.validation.dead-letter.recorded.v1': { topic: 'millrace.validation.dead-letter', key: 'deadLetter', producer: 'validation', consumers: ['governance'], retention: 'delete' },
  'millrace.validation.dead-letter.replayed.v1': { topic: 'millrace.validation.dead-letter', key: 'deadLetter', producer: 'validation', consumers: ['governance'], retention: 'delete' },
  'millrace.validation.pipeline-part.ready.v1': { topic: 'millrace.validation.pipeline-part', key: 'pipeline', producer: 'validation', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.validation.pipeline-part.refused.v1': { topic: 'millrace.validation.pipeline-part', key: 'pipeline', producer: 'validation', consumers: ['governance', 'registry'], retention: 'delete' },
  'millrace.validation.segment.accepted.v1': { topic: 'millrace.validation.segment', key: 'dataSet', producer: 'validation', consumers: ['governance', 'ingestion'], retention: 'delete' },
  'millrace.validation.segment.rejected.v1': { topic: 'millrace.validation.segment', key: 'dataSet', producer: 'validation', consumers: ['feature-store', 'governance', 'ingestion'], retention: 'delete' },
};
