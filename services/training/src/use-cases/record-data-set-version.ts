import type { DataSetVersionPublished } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { DataSetRow } from '../store/data-set.row.js';
import { keepSchedule } from './keep-schedule.js';
import { reconsiderTriggers } from './reconsider-triggers.js';

/** Counts what was published and looks again at the triggers that wait for labels of this data set. */
export async function recordDataSetVersion(tx: Tx, { dataSet, version, kind, rowsByDay, watermark }: DataSetVersionPublished): Promise<void> {
  if (kind === 'predictions') return;
  const known = await tx.lockOrNull(DataSetRow, { dataSet });
  const latest = Math.max(known?.watermark?.getTime() ?? -Infinity, watermark === null ? -Infinity : Date.parse(watermark));
  await tx.save(DataSetRow, {
    dataSet,
    version: Math.max(version, known?.version ?? 0),
    watermark: Number.isFinite(latest) ? new Date(latest) : null,
  });
  if (rowsByDay.length > 0) await addDays(tx, dataSet, rowsByDay);
  const using = await tx.query<{ pipeline: string }>(
    `select pipeline from pipelines where $1 in (definition->'predict'->>'dataSet', definition->'label'->>'dataSet') order by pipeline`,
    [dataSet],
  );
  for (const { pipeline } of using) {
    await reconsiderTriggers(tx, pipeline);
    await keepSchedule(tx, pipeline);
  }
}

async function addDays(tx: Tx, dataSet: string, days: DataSetVersionPublished['rowsByDay']): Promise<void> {
  await tx.query(
    `insert into data_set_days (data_set, day, rows)
     select $1, day, rows from unnest($2::text[], $3::int[]) as added (day, rows)
     on conflict (data_set, day) do update set rows = data_set_days.rows + excluded.rows`,
    [dataSet, days.map(({ day }) => day), days.map(({ rows }) => rows)],
  );
}
