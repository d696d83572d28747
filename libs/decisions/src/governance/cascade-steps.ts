import type { EventType } from '@millrace/contracts';

/** How long the step after an event may take: a short step, a pipeline's training command, or as long as the world needs (no deadline). */
export type StepPace = 'step' | 'command' | 'open-ended';

/** What must follow an event. `entity` names what both events are about. */
export interface CascadeStep {
  readonly entity: string;
  readonly after: EventType;
  readonly expects: readonly EventType[];
  readonly pace: StepPace;
}

type EntityKind = 'segment' | 'run' | 'rollout' | 'pipeline-version' | 'model-version';

interface StepRule {
  readonly after: EventType;
  readonly of: EntityKind;
  readonly expects: readonly EventType[];
  readonly pace: StepPace;
}

const RULES: readonly StepRule[] = [
  { after: 'millrace.registry.pipeline.applied.v1', of: 'pipeline-version', pace: 'step', expects: ['millrace.registry.pipeline.activated.v1', 'millrace.registry.pipeline.refused.v1'] },
  { after: 'millrace.ingestion.segment.staged.v1', of: 'segment', pace: 'step', expects: ['millrace.validation.segment.accepted.v1', 'millrace.validation.segment.rejected.v1'] },
  { after: 'millrace.validation.segment.accepted.v1', of: 'segment', pace: 'step', expects: ['millrace.ingestion.data-set.version-published.v1'] },
  // It waits for a place and for budget as long as it takes.
  { after: 'millrace.training.run.queued.v1', of: 'run', pace: 'open-ended', expects: ['millrace.training.run.requested.v1', 'millrace.training.run.cancelled.v1'] },
  { after: 'millrace.training.run.requested.v1', of: 'run', pace: 'step', expects: ['millrace.feature-store.training-set.created.v1', 'millrace.feature-store.training-set.refused.v1', 'millrace.training.run.failed.v1', 'millrace.training.run.cancelled.v1'] },
  // Runs queue behind each other, so the wait for a place is as long as a command may take.
  { after: 'millrace.feature-store.training-set.created.v1', of: 'run', pace: 'command', expects: ['millrace.training.run.started.v1', 'millrace.training.run.failed.v1', 'millrace.training.run.cancelled.v1'] },
  { after: 'millrace.training.run.started.v1', of: 'run', pace: 'command', expects: ['millrace.training.run.completed.v1', 'millrace.training.run.failed.v1', 'millrace.training.run.cancelled.v1'] },
  { after: 'millrace.training.run.completed.v1', of: 'run', pace: 'step', expects: ['millrace.training.evaluation.completed.v1', 'millrace.training.run.failed.v1', 'millrace.training.run.cancelled.v1'] },
  { after: 'millrace.training.evaluation.completed.v1', of: 'run', pace: 'step', expects: ['millrace.registry.model-version.registered.v1'] },
  { after: 'millrace.registry.model-version.registered.v1', of: 'model-version', pace: 'step', expects: ['millrace.registry.model-version.approved.v1', 'millrace.registry.model-version.rejected.v1', 'millrace.registry.model-version.approval-requested.v1'] },
  { after: 'millrace.registry.model-version.approval-requested.v1', of: 'model-version', pace: 'open-ended', expects: ['millrace.registry.model-version.approved.v1', 'millrace.registry.model-version.rejected.v1'] },
  // An approved version waits while an earlier rollout is open, and a rollout waits for predictions and their labels.
  { after: 'millrace.registry.model-version.approved.v1', of: 'model-version', pace: 'open-ended', expects: ['millrace.deployment.rollout.started.v1', 'millrace.deployment.rollout.superseded.v1', 'millrace.registry.model-version.withdrawn.v1'] },
  { after: 'millrace.deployment.rollout.started.v1', of: 'rollout', pace: 'open-ended', expects: ['millrace.deployment.rollout.completed.v1', 'millrace.deployment.rollout.rolled-back.v1'] },
];

/** The step that an event begins, undefined when nothing has to follow it or its data do not say what it is about. */
export function stepAwaitedAfter(type: string, data: unknown): CascadeStep | undefined {
  const rule = RULES.find(({ after }) => after === type);
  const [entity] = rule ? entitiesOf(rule.of, data) : [];
  return rule && entity !== undefined ? { entity, after: rule.after, expects: rule.expects, pace: rule.pace } : undefined;
}

/** The steps that an event ends, whichever of the two events was read first: topics are not ordered among each other. */
export function stepsAnsweredBy(type: string, data: unknown): { entity: string; after: EventType }[] {
  return RULES.filter(({ expects }) => (expects as readonly string[]).includes(type)).flatMap(({ after, of }) => entitiesOf(of, data).map((entity) => ({ entity, after })));
}

/** What must follow an event of this type. */
export function expectedAfter(after: string): readonly EventType[] {
  return RULES.find((rule) => rule.after === after)?.expects ?? [];
}

/** Milliseconds that a step may take; null without a deadline. `commandTimeMs` is what the pipeline grants its training command. */
export function allowedStepTimeMs(pace: StepPace, stepTimeMs: number, commandTimeMs: number): number | null {
  return pace === 'open-ended' ? null : stepTimeMs + (pace === 'command' ? commandTimeMs : 0);
}

function entitiesOf(kind: EntityKind, data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  const facts = data as Record<string, unknown>;
  const named = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? [`${kind}:${value}`] : []);
  if (kind === 'pipeline-version') return facts['version'] === undefined ? [] : named(`${String(facts['pipeline'])}@${String(facts['version'])}`);
  if (kind === 'model-version') return facts['modelVersion'] === undefined ? [] : named(`${String(facts['pipeline'])}@${String(facts['modelVersion'])}`);
  if (kind === 'segment' && Array.isArray(facts['segments'])) return (facts['segments'] as { segment?: unknown }[]).flatMap(({ segment }) => named(segment));
  return named(facts[kind]);
}
