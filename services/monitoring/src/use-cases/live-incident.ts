import type { Finding, Pipeline } from '@millrace/contracts';
import { UNATTENDED, decideIncident, isAsleep, monitoringPolicyOf, sharesCause, sourcesOf } from '@millrace/decisions';
import type { Assessment, DriftedColumn, EventTimeInterval, IncidentKind, LossSegment } from '@millrace/decisions';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { IncidentRow } from '../store/incident.row.js';
import type { PipelineRow } from '../store/pipeline.row.js';
import { alertTextOf } from './alert-text.js';
import { keepFact } from './loop-facts.js';
import { openElsewhere } from './shared-incident.js';

export interface Evidence {
  kind: IncidentKind;
  assessment: Assessment;
  columns: DriftedColumn[];
  because: Finding[];
  changeInterval: EventTimeInterval | null;
  segments?: LossSegment[];
  examples?: IncidentRow['examples'];
}

/** The open incident of a kind; null when there is none. */
export function openIncident(tx: Tx, pipeline: string, kind: IncidentKind): Promise<IncidentRow | null> {
  return tx.lockOrNull(IncidentRow, { pipeline, kind, state: 'raised' });
}

/**
 * Carries the incident of this kind one window further: raises it with its alert, keeps it, or resolves it.
 * @returns the incident, and whether it is new: then the caller tells what was found
 */
export async function liveIncident(tx: Tx, pipeline: PipelineRow, evidence: Evidence): Promise<{ row: IncidentRow | null; raised: boolean }> {
  const { kind, assessment } = evidence;
  const { definition } = pipeline;
  const current = await openIncident(tx, pipeline.pipeline, kind);
  const newId = `${definition.project}/inc-${tx.newId()}`;
  const { next, action, because } = decideIncident(current?.life ?? null, assessment, { kind, newId, policy: monitoringPolicyOf(definition.monitoring) });
  if (!next) return { row: null, raised: false };
  if (action === 'raise') return { row: await raise(tx, pipeline, evidence, next), raised: true };
  if (!current) return { row: null, raised: false };
  const row = { ...current, life: next, state: next.state };
  await tx.save(IncidentRow, row);
  if (action === 'resolve') await tellOfEnd(tx, row, because);
  return { row, raised: false };
}

/** Files what the pipeline sees, as part of an incident that is open for another pipeline where it is the same change. Each recipient is told once. */
async function raise(tx: Tx, pipeline: PipelineRow, { kind, columns, because, changeInterval, segments, examples }: Evidence, life: IncidentRow['life']): Promise<IncidentRow> {
  const { definition } = pipeline;
  const sources = sourcesOf(definition, kind, columns.map(({ column }) => column));
  const shared = await openElsewhere(tx, pipeline, { kind, sources, changePoint: life.changePoint });
  const recipient = ownerOf(definition, kind);
  const told = (await openOfSameCause(tx, pipeline, life)) ?? shared.find((row) => row.recipient === recipient) ?? null;
  const asleep = told ? null : await snoozedBefore(tx, pipeline.pipeline, kind, columns);
  const incident = shared[0]?.incident ?? life.id;
  const row: IncidentRow = {
    incident,
    pipeline: pipeline.pipeline,
    modelVersion: pipeline.champion?.modelVersion ?? 1,
    life: { ...life, id: incident },
    kind,
    state: life.state,
    alert: told?.alert ?? `${definition.project}/al-${tx.newId()}`,
    attention: told?.attention ?? asleep?.attention ?? UNATTENDED,
    changeInterval,
    columns,
    segments: segments ?? [],
    examples: examples ?? [],
    because,
    sources,
    recipient,
    cascade: { ...cascadeOf(tx.cause), pipelineVersion: pipeline.version },
    raisedAt: tx.now,
  };
  await tx.insert(IncidentRow, row);
  if (!told && !asleep) tellOfAlert(tx, row, definition);
  return row;
}

/** The alert, or the same once more. */
export function tellOfAlert(tx: Tx, row: IncidentRow, definition: Pipeline): void {
  const { pipeline, alert, incident, kind, because } = row;
  tx.emit('millrace.monitoring.alert.raised.v1', { pipeline, alert, incident, kind: alertKindOf(kind), because, ...alertTextOf(row, definition) });
}

/** One alert per cause: the open incident that this one shares its cause with. */
async function openOfSameCause(tx: Tx, { pipeline, definition }: PipelineRow, life: IncidentRow['life']): Promise<IncidentRow | null> {
  const open = await tx.findMany(IncidentRow, { where: { pipeline, state: 'raised' }, order: { raisedAt: 'ASC' } });
  return open.find((row) => sharesCause(row.life, life, definition.monitoring.windowMs)) ?? null;
}

/** What came back while its alert was snoozed stays quiet; what comes of other columns does not. */
async function snoozedBefore(tx: Tx, pipeline: string, kind: IncidentKind, columns: readonly DriftedColumn[]): Promise<IncidentRow | null> {
  const [last] = await tx.findMany(IncidentRow, { where: { pipeline, kind, state: 'resolved' }, order: { raisedAt: 'DESC' }, take: 1 });
  if (!last || !isAsleep(last.attention, tx.now.getTime())) return null;
  const known = new Set(last.columns.map(({ column }) => column));
  return columns.every(({ column }) => known.has(column)) ? last : null;
}

/** Another version answers, with a reference of its own: what was found about the one before is over. Broken data stay broken. */
export async function endIncidentsOfChampion(tx: Tx, { pipeline, champion }: PipelineRow): Promise<void> {
  const open = await tx.lockMany(IncidentRow, { where: { pipeline, state: 'raised', kind: In(['drift', 'performance', 'estimate', 'measure', 'fairness']) }, order: { incident: 'ASC' } });
  for (const row of open) {
    const life = { ...row.life, state: 'resolved' as const, resolvedAt: row.life.lastWindowEnd };
    await tx.save(IncidentRow, { ...row, life, state: 'resolved' });
    await tellOfEnd(tx, { ...row, life }, [{ check: 'same-version-answers', passed: false, measured: champion?.modelVersion ?? null, detail: 'Another version answers, with a reference of its own' }]);
  }
}

async function tellOfEnd(tx: Tx, { pipeline, alert, incident, kind, life }: IncidentRow, because: Finding[]): Promise<void> {
  const resolvedAt = life.resolvedAt ?? life.lastWindowEnd;
  await keepFact(tx, pipeline, { fact: 'incident-resolved', incident, changePoint: life.changePoint, resolvedAt });
  tx.emit('millrace.monitoring.alert.resolved.v1', { pipeline, alert, incident, kind: alertKindOf(kind), window: { from: life.changePoint, to: resolvedAt }, resolvedAt, because });
}

function alertKindOf(kind: IncidentKind): string {
  return kind === 'data' || kind === 'labels' ? 'data-incident' : kind;
}

export function ownerOf(definition: Pipeline, kind: IncidentKind): string {
  return (kind === 'data' || kind === 'labels' ? definition.owners.data : definition.owners.model) ?? 'unassigned';
}
