import type { OperationInput, OperationOutput } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { CascadeRow, toCascadeSummary } from '../store/cascade.row.js';

/** Cascades that match and that the caller may see (`callerProject`, `*` is all), the latest first. */
export async function listCascades(tx: ReadTx, { pipeline, state, kind, contains, before, limit = 100 }: OperationInput<'listCascades'>, callerProject: string): Promise<OperationOutput<'listCascades'>> {
  const found = await tx.query<{ correlation: string; state: 'moving' | 'resting' | 'stalled' }>(
    `select correlation, state from (
       select c.correlation, c.started_at, case
         when exists (select 1 from cascade_steps s where s.correlation = c.correlation and s.answered_at is null and s.stalled_at is not null)
           or exists (select 1 from cascade_dead_letters d where d.correlation = c.correlation and d.state = 'open') then 'stalled'
         when exists (select 1 from cascade_steps s where s.correlation = c.correlation and s.answered_at is null) then 'moving'
         else 'resting' end as state
       from cascades c
       where ($6 = '*' or c.project = $6) and ($1::text is null or c.pipeline = $1) and ($7::boolean is null or c.decides = $7) and ($2::timestamptz is null or c.started_at < $2)
         and ($3::text is null or exists (select 1 from audit_entries e where e.correlation = c.correlation and e.type = $3))) as standing
     where $4::text is null or state = $4
     order by started_at desc limit $5`,
    [pipeline ?? null, before ?? null, contains ?? null, state ?? null, limit, callerProject, kind === undefined ? null : kind === 'decisions'],
  );
  const rows = await tx.findMany(CascadeRow, { where: { correlation: In(found.map(({ correlation }) => correlation)) } });
  return { cascades: found.flatMap((one) => rows.filter(({ correlation }) => correlation === one.correlation).map((row) => toCascadeSummary(row, one.state))) };
}
