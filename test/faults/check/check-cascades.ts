import type { Facts, Finding, TopicRecord } from './facts.ts';

interface Because {
  check: string;
  passed: boolean;
  detail?: string;
}

interface Seen {
  type: string;
  data: Record<string, unknown>;
}

/** What must follow what. Each rule gives what an event is about, in words that both events share. */
const steps: readonly { after: string; of(data: Seen['data']): string; ends: Readonly<Record<string, (data: Seen['data']) => string[]>> }[] = [
  {
    after: 'registry.pipeline.applied', of: versionOf,
    ends: { 'registry.pipeline.activated': (data) => [versionOf(data)], 'registry.pipeline.refused': (data) => [versionOf(data)] },
  },
  {
    after: 'ingestion.segment.staged', of: ({ segment }) => String(segment),
    ends: { 'validation.segment.accepted': ({ segment }) => [String(segment)], 'validation.segment.rejected': ({ segment }) => [String(segment)] },
  },
  {
    after: 'validation.segment.accepted', of: ({ segment }) => String(segment),
    ends: { 'ingestion.data-set.version-published': ({ segments }) => (segments as { segment: string }[]).map(({ segment }) => segment) },
  },
  {
    after: 'training.run.requested', of: ({ run }) => String(run),
    ends: { 'registry.model-version.approved': ({ run }) => [String(run)], 'registry.model-version.rejected': ({ run }) => [String(run)], 'training.run.failed': ({ run }) => [String(run)], 'training.run.cancelled': ({ run }) => [String(run)] },
  },
  {
    after: 'registry.model-version.approved', of: modelOf,
    ends: { 'deployment.rollout.completed': (data) => [modelOf(data)], 'deployment.rollout.rolled-back': (data) => [modelOf(data)], 'deployment.rollout.superseded': (data) => [modelOf(data)], 'registry.model-version.withdrawn': (data) => [modelOf(data)] },
  },
];

/** Every cascade came to its end: rolled out, refused with its reasons, or held by an incident that people were told of. One that governance reported as stalled is found by its dead letter. */
export function checkCascades({ events }: Pick<Facts, 'events'>): Finding[] {
  const seen = events.flatMap(seenOf);
  const held = heldPipelines(seen);
  return [...blamedOnFaults(seen), ...cancelledForNothing(seen), ...steps.flatMap(({ after, of, ends }) => {
    const ended = new Set(seen.flatMap(({ type, data }) => ends[type]?.(data) ?? []));
    const begun = new Set(seen.filter(({ type, data }) => type === after && !(isRollout(after) && held.has(data['pipeline']))).map(({ data }) => of(data)));
    return [...begun].filter((entity) => !ended.has(entity)).map((entity) => ({ check: 'every-cascade-ends', detail: `${after} of ${entity} has no end (${Object.keys(ends).join(', ')})` }));
  })];
}

/** What was away comes back: a run may be given up after its attempts, or have too few rows when those of an incident are left out, but no fault is a verdict. */
function blamedOnFaults(seen: readonly Seen[]): Finding[] {
  const shortened = new Set(seen.filter(({ type, data }) => type === 'training.run.requested' && (data['excluded'] as unknown[]).length > 0).map(({ data }) => data['run']));
  const isVerdict = (run: unknown, { check, passed }: Because): boolean => passed || check === 'attempts' || (check === 'training-rows' && shortened.has(run));
  const refusals = seen.filter(({ type }) => type === 'training.run.failed' || type === 'feature-store.training-set.refused');
  return refusals.flatMap(({ type, data }) => (data['because'] as Because[]).filter((finding) => !isVerdict(data['run'], finding)).map(({ check, detail = '' }) => ({ check: 'no-fault-is-a-verdict', detail: `${type} of ${String(data['run'])}: ${check}: ${detail.slice(0, 200)}` })));
}

/** An incident that a run was cancelled for was raised: people were told. */
function cancelledForNothing(seen: readonly Seen[]): Finding[] {
  const raised = new Set(seen.filter(({ type }) => type === 'monitoring.alert.raised').map(({ data }) => data['incident']));
  const cancelled = seen.filter(({ type, data }) => type === 'training.run.cancelled' && data['incident'] !== null && !raised.has(data['incident']));
  return cancelled.map(({ data }) => ({ check: 'cancelled-for-an-incident', detail: `${String(data['run'])} was cancelled for ${String(data['incident'])}, which was never raised` }));
}

/** What an approved version waits for besides its own evidence: people are told of an incident, and it ends when the data are mended. */
function isRollout(after: string): boolean {
  return after === 'registry.model-version.approved';
}

/** Pipelines with an incident that was raised and is not resolved. */
function heldPipelines(seen: readonly Seen[]): Set<unknown> {
  const resolved = new Set(seen.filter(({ type }) => type === 'monitoring.alert.resolved').map(({ data }) => data['incident']));
  return new Set(seen.filter(({ type, data }) => type === 'monitoring.alert.raised' && data['kind'] === 'data-incident' && !resolved.has(data['incident'])).map(({ data }) => data['pipeline']));
}

/** How many runs were asked for, and how they ended. */
export function countCascades({ events }: Pick<Facts, 'events'>): Record<'requested' | 'rolledOut' | 'rejected' | 'failed' | 'cancelled', number> {
  const count = (type: string): number => new Set(events.filter(({ headers }) => headers['ce_type'] === `millrace.${type}.v1`).map(({ headers }) => headers['ce_id'])).size;
  return { requested: count('training.run.requested'), rolledOut: count('deployment.rollout.completed'), rejected: count('registry.model-version.rejected'), failed: count('training.run.failed'), cancelled: count('training.run.cancelled') };
}

function seenOf({ headers, value }: TopicRecord): Seen[] {
  const type = /^millrace\.(.+)\.v1$/.exec(headers['ce_type'] ?? '')?.[1];
  return type === undefined || value === null ? [] : [{ type, data: JSON.parse(value.toString()) as Seen['data'] }];
}

function versionOf({ pipeline, version }: Seen['data']): string {
  return `${String(pipeline)}@${String(version)}`;
}

function modelOf({ pipeline, modelVersion }: Seen['data']): string {
  return `${String(pipeline)}@${String(modelVersion)}`;
}
