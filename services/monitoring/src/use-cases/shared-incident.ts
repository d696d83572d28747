import { isOneChange } from '@millrace/decisions';
import type { SourcedIncident } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { IncidentRow } from '../store/incident.row.js';
import type { PipelineRow } from '../store/pipeline.row.js';

/**
 * What other pipelines of the project see of the same change, the first first; empty when nobody does, or this pipeline was part of that
 * incident before. Whoever raises an incident of a data set waits for whoever does so at this moment.
 */
export async function openElsewhere(tx: Tx, { pipeline, definition }: PipelineRow, found: SourcedIncident): Promise<IncidentRow[]> {
  const dataSets = new Set(found.sources.map((source) => source.slice(0, source.lastIndexOf('.'))));
  for (const dataSet of [...dataSets].sort()) await tx.lockKey(`change-of:${dataSet}`);
  const open = await tx.query<{ incident: string; pipeline: string }>(
    `select incident, pipeline from incidents i where state = 'raised' and kind = $1 and sources && $2 and pipeline <> $3
       and not exists (select 1 from incidents own where own.incident = i.incident and own.pipeline = $3)
     order by raised_at, pipeline`,
    [found.kind, [...found.sources], pipeline],
  );
  const first = await firstOfChange(tx, open, found, definition.monitoring.windowMs);
  return first === null ? [] : tx.findMany(IncidentRow, { where: { incident: first, state: 'raised' }, order: { raisedAt: 'ASC' } });
}

/** Members of an incident moved at about the same time: the first of each speaks for it. */
async function firstOfChange(tx: Tx, open: readonly { incident: string; pipeline: string }[], found: SourcedIncident, windowMs: number): Promise<string | null> {
  const firsts = new Map(open.map(({ incident, pipeline }) => [incident, pipeline] as const).reverse());
  for (const [incident, pipeline] of [...firsts].reverse()) {
    const row = await tx.find(IncidentRow, { incident, pipeline });
    if (row && isOneChange({ kind: row.kind, sources: row.sources, changePoint: row.life.changePoint }, found, windowMs)) return incident;
  }
  return null;
}
