import type { Incident } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { decideAttention } from '@millrace/decisions';
import type { AttentionCommand } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { IncidentRow } from '../store/incident.row.js';
import { PipelineRow } from '../store/pipeline.row.js';
import { tellOfAlert } from './live-incident.js';
import { toIncident } from './show-incidents.js';

/** Acknowledges or snoozes an alert, for all incidents that share it. Errors: `alert-not-found`, `alert-is-over`. */
export async function attendAlert(tx: Tx, alert: string, command: Exclude<AttentionCommand, { kind: 'look' }>): Promise<Incident> {
  const rows = await tx.lockMany(IncidentRow, { where: { alert }, order: { raisedAt: 'ASC' } });
  const [first] = rows;
  if (!first) throw new MillraceError('alert-not-found', `There is no alert ${alert}`);
  const open = rows.filter(({ state }) => state === 'raised');
  if (open.length === 0) throw new MillraceError('alert-is-over', `What ${alert} was about ended at ${first.life.resolvedAt}`);
  const { next, tell } = decideAttention(open[0]?.attention ?? first.attention, command, tx.now.getTime());
  await tx.save(IncidentRow, open.map((row) => ({ ...row, attention: next })));
  const { pipeline, incident } = open[0] ?? first;
  if (tell === 'acknowledged') tx.emit('millrace.monitoring.alert.acknowledged.v1', { pipeline, alert, incident, note: next.note });
  if (tell === 'snoozed') tx.emit('millrace.monitoring.alert.snoozed.v1', { pipeline, alert, incident, until: next.until ?? tx.now.toISOString(), note: next.note });
  return toIncident({ ...(open[0] ?? first), attention: next });
}

/** Raises a snoozed alert once more when its time is over and what it is about lasts. */
export async function wakeAlert(tx: Tx, { incident, pipeline }: Pick<IncidentRow, 'incident' | 'pipeline'>): Promise<void> {
  const row = await tx.lockOrNull(IncidentRow, { incident, pipeline });
  if (!row || row.state !== 'raised') return;
  const { next, tell } = decideAttention(row.attention, { kind: 'look' }, tx.now.getTime());
  if (tell !== 'raise') return;
  const shared = await tx.lockMany(IncidentRow, { where: { alert: row.alert, state: 'raised' }, order: { raisedAt: 'ASC' } });
  await tx.save(IncidentRow, shared.map((each) => ({ ...each, attention: next })));
  const { definition } = await tx.get(PipelineRow, { pipeline: row.pipeline }, 'pipeline-not-found');
  tellOfAlert(tx, { ...(shared[0] ?? row), attention: next }, definition);
}
