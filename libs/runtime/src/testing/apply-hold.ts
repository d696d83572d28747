import { MillraceError } from '@millrace/contracts';
import type { HoldPlaced } from '@millrace/contracts';
import type { Tx } from '../work/tx.js';
import { EffectRow } from './effect.row.js';

/**
 * What the fixture service does with an event: notes it and emits another. The name of the incident makes it fail:
 * `.../unknown-<x>` until the incident is in the table, `.../refused` and `.../broken` always.
 */
export async function applyHold(tx: Tx, { pipeline, hold, incident }: HoldPlaced): Promise<void> {
  if (incident.endsWith('/refused')) throw new MillraceError('invalid-request', 'The fixture refuses this');
  if (incident.endsWith('/broken')) throw new Error('The fixture is broken');
  if (incident.includes('/unknown-')) await requireIncident(tx, incident);
  const earlier = await tx.find(EffectRow, { hold });
  const place = earlier?.place ?? (await tx.count(EffectRow, { pipeline })) + 1;
  await tx.save(EffectRow, { hold, pipeline, place, times: (earlier?.times ?? 0) + 1 });
  tx.emit('millrace.deployment.pipeline-part.ready.v1', { pipeline, version: place, because: [] });
}

async function requireIncident(tx: Tx, incident: string): Promise<void> {
  const known = await tx.query('select 1 from known_incidents where incident = $1', [incident]);
  if (known.length === 0) throw new MillraceError('incident-not-found', `${incident} is not known yet`);
}
