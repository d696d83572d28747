import type { Incident, OperationInput } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { IncidentRow } from '../store/incident.row.js';

/** Incidents, latest first. */
export async function listIncidents(tx: ReadTx, { pipeline, state, limit }: OperationInput<'listIncidents'>): Promise<{ incidents: Incident[] }> {
  const where = { ...(pipeline === undefined ? {} : { pipeline }), ...(state === undefined ? {} : { state }) };
  const rows = await tx.findMany(IncidentRow, { where, order: { raisedAt: 'DESC' }, take: limit ?? 100 });
  return { incidents: rows.map(toIncident) };
}

export async function showIncident(tx: ReadTx, incident: string): Promise<Incident> {
  return toIncident(await tx.get(IncidentRow, { incident }, 'incident-not-found'));
}

export function toIncident({ incident, pipeline, modelVersion, kind, life, alert, attention, columns, because, changeInterval, segments, examples }: IncidentRow): Incident {
  const { diagnosis, state, changePoint, resolvedAt } = life;
  return { incident, pipeline, modelVersion, kind, diagnosis, state, changePoint, changeInterval, resolvedAt, alert, attention, columns, segments, examples, because };
}
