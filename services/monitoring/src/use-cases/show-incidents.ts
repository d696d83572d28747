import type { Incident, OperationInput } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { IncidentRow } from '../store/incident.row.js';

/** Incidents, latest first; one that several pipelines see stands once. */
export async function listIncidents(tx: ReadTx, { pipeline, state, limit }: OperationInput<'listIncidents'>): Promise<{ incidents: Incident[] }> {
  const found = await tx.query<{ incident: string }>(
    `select incident from incidents where ($1::text is null or pipeline = $1) and ($2::text is null or state = $2) group by incident order by max(raised_at) desc limit $3`,
    [pipeline ?? null, state ?? null, limit ?? 100],
  );
  const rows = await tx.findMany(IncidentRow, { where: { incident: In(found.map(({ incident }) => incident)) }, order: { raisedAt: 'ASC' } });
  return { incidents: found.flatMap(({ incident }) => incidentOf(rows.filter((row) => row.incident === incident), pipeline) ?? []) };
}

/** Errors: `incident-not-found`. */
export async function showIncident(tx: ReadTx, incident: string): Promise<Incident> {
  const shown = incidentOf(await tx.findMany(IncidentRow, { where: { incident }, order: { raisedAt: 'ASC' } }), undefined);
  if (!shown) throw new MillraceError('incident-not-found', `There is no incident ${incident}`);
  return shown;
}

/** As the first pipeline sees it, or the one that was asked for; it lasts while any of them sees it. */
function incidentOf(rows: readonly IncidentRow[], pipeline: string | undefined): Incident | null {
  const shown = rows.find((row) => row.pipeline === pipeline) ?? rows.find(({ state }) => state === 'raised') ?? rows[0];
  if (!shown) return null;
  const affected = rows.map(({ pipeline: member, modelVersion, life, alert }) => ({ pipeline: member, modelVersion, state: life.state, changePoint: life.changePoint, resolvedAt: life.resolvedAt, alert }));
  return { ...toIncident(shown), affected };
}

export function toIncident({ incident, pipeline, modelVersion, kind, life, alert, attention, columns, because, changeInterval, segments, examples, sources }: IncidentRow): Incident {
  const { diagnosis, state, changePoint, resolvedAt } = life;
  return { incident, pipeline, modelVersion, kind, diagnosis, state, changePoint, changeInterval, resolvedAt, alert, attention, columns, segments, examples, sources, because };
}
