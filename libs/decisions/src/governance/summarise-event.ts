import type { EventData, EventType } from '@millrace/contracts';
import type { Finding } from '../evaluation/finding.js';
import { readable } from '../evaluation/finding.js';
import { deadLetterChangeOf } from './dead-letter-change.js';

type Summaries = { readonly [T in EventType]?: (data: EventData[T]) => string };

const SUMMARIES: Summaries = {
  'millrace.ingestion.segment.staged.v1': ({ rows, quarantined }) => `${rows} rows${quarantined > 0 ? `, ${quarantined} quarantined` : ''}`,
  'millrace.ingestion.record.quarantined.v1': ({ count, reasons }) => `${count} records: ${reasons.map(({ code }) => code).join(', ')}`,
  'millrace.ingestion.data-set.version-published.v1': ({ version, rows }) => `version ${version}, ${rows} new rows`,
  'millrace.validation.segment.rejected.v1': ({ because }) => failuresIn(because),
  'millrace.feature-store.training-set.created.v1': ({ rows, holdOuts }) => `${rows} rows, ${holdOuts.length} sealed hold-outs`,
  'millrace.feature-store.training-set.refused.v1': ({ because }) => failuresIn(because),
  'millrace.training.trigger.decided.v1': ({ cause, decision, because }) => `${cause}: ${decision}${suffix(failuresIn(because))}`,
  'millrace.training.run.requested.v1': ({ cause }) => `because of ${cause}`,
  'millrace.training.run.queued.v1': ({ position, because }) => `place ${position}${suffix(failuresIn(because))}`,
  'millrace.training.run.cancelled.v1': ({ because }) => failuresIn(because),
  'millrace.training.run.failed.v1': ({ because }) => failuresIn(because),
  'millrace.training.run.completed.v1': ({ durationMs }) => `in ${readable(durationMs / 1000)} s`,
  'millrace.training.evaluation.completed.v1': ({ holdOuts }) => holdOuts.map(({ kind, rows }) => `${kind}: ${rows} rows`).join(', '),
  'millrace.training.hold.placed.v1': ({ because }) => failuresIn(because) || 'training is held',
  'millrace.registry.pipeline.applied.v1': ({ version, changes }) => `version ${version}, ${changes.length} changes`,
  'millrace.registry.pipeline.activated.v1': ({ version }) => `version ${version}`,
  'millrace.registry.pipeline.refused.v1': ({ version, refusals }) => `version ${version}, by ${refusals.map(({ service }) => service).join(', ')}`,
  'millrace.registry.model-version.registered.v1': ({ modelVersion }) => `version ${modelVersion}`,
  'millrace.registry.model-version.approved.v1': ({ modelVersion, approvedBy }) => `version ${modelVersion} by ${approvedBy}`,
  'millrace.registry.model-version.rejected.v1': ({ modelVersion, verdict, because }) => `version ${modelVersion}: ${verdict}${suffix(failuresIn(because))}`,
  'millrace.deployment.rollout.started.v1': ({ modelVersion }) => `version ${modelVersion}`,
  'millrace.deployment.rollout.stepped.v1': ({ modelVersion, phase, trafficRatio }) => `version ${modelVersion} in ${phase} at ${readable(trafficRatio * 100)} % of traffic`,
  'millrace.deployment.rollout.paused.v1': ({ modelVersion, phase, incident }) => `version ${modelVersion} in ${phase}, ${incident ?? 'until a person lets it go on'}`,
  'millrace.deployment.rollout.completed.v1': ({ modelVersion }) => `version ${modelVersion} serves`,
  'millrace.deployment.rollout.rolled-back.v1': ({ modelVersion, because }) => `version ${modelVersion}${suffix(failuresIn(because))}`,
  'millrace.deployment.rollout.superseded.v1': ({ modelVersion, because }) => `version ${modelVersion}${suffix(failuresIn(because))}`,
  'millrace.deployment.route.changed.v1': ({ revision, targets }) => `revision ${revision}: ${targets.map(({ modelVersion, role }) => `${role} ${modelVersion}`).join(', ')}`,
  'millrace.monitoring.drift.detected.v1': ({ diagnosis, columns }) => `${diagnosis}: ${columns.map(({ column, factor }) => (factor === undefined ? column : `${column} x ${readable(factor)}`)).join(', ')}`,
  'millrace.monitoring.performance.degraded.v1': ({ metric, measured, bound }) => `${metric} ${readable(measured)}, allowed ${readable(bound)}`,
  'millrace.monitoring.analysis.completed.v1': ({ phase, verdict, predictions }) => `${phase}: ${verdict} on ${predictions} predictions`,
  'millrace.monitoring.alert.raised.v1': ({ summary }) => summary,
  'millrace.governance.cascade.stalled.v1': ({ because }) => failuresIn(because),
};

/** An event's decision in a few words for a person who reads a cascade; null for events that carry none. */
export function summariseEvent<T extends EventType>(type: T, data: EventData[T]): string | null {
  const summary = SUMMARIES[type]?.(data as never) ?? deadLetterSummary(type, data);
  return summary === undefined || summary === '' ? null : summary;
}

/** Every service has these events. */
function deadLetterSummary(type: EventType, data: unknown): string | undefined {
  const change = deadLetterChangeOf(type, data);
  if (change === undefined) return undefined;
  const { service, state, detail, reason } = change;
  return { open: `${service} gave up: ${detail ?? 'no reason is known'}`, replayed: `${service} tries again${suffix(reason ?? '')}`, dropped: `will never be handled by ${service}${suffix(reason ?? '')}` }[state];
}

function failuresIn(because: readonly Finding[]): string {
  return because
    .filter(({ passed }) => !passed)
    .map(({ check, detail, measured, bound }) => detail ?? `${check} ${worded(measured)}, bound ${worded(bound)}`)
    .join('; ');
}

function worded(value: number | string | null | undefined): string {
  return typeof value === 'number' ? readable(value) : (value ?? 'unknown');
}

function suffix(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
