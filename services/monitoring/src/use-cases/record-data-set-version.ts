import type { DataSetVersionPublished } from '@millrace/contracts';
import { predictionDataSet, trustedWatermark } from '@millrace/decisions';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { Between } from 'typeorm';
import { PipelineRow } from '../store/pipeline.row.js';
import { PublishedTableRow } from '../store/published-table.row.js';
import type { WatchedTable } from '../store/pipeline.row.js';
import { WindowRow } from '../store/window.row.js';

const DAY_MS = 86_400_000;
/** Fewer that come after their window was closed are nobody's concern. */
const FEWEST_LATE_ROWS = 30;

/**
 * Moves the clocks of the pipelines that read this data set: as their prediction log, their labels or the records to predict.
 * A publication may overtake its pipeline's activation, which comes by another topic: then `pipeline-not-found`, and it is tried again.
 */
export async function recordDataSetVersion(tx: Tx, published: DataSetVersionPublished): Promise<void> {
  const { dataSet } = published;
  await tx.get(PipelineRow, { pipeline: published.pipeline }, 'pipeline-not-found');
  await tx.save(PublishedTableRow, { dataSet, url: published.tableUrl });
  const using = await tx.query<{ pipeline: string }>(
    `select pipeline from pipelines
     where $1 in (pipeline || '.predictions', definition->'predict'->>'dataSet', definition->'label'->>'dataSet') order by pipeline`,
    [dataSet],
  );
  for (const { pipeline } of using) {
    const row = await tx.lock(PipelineRow, { pipeline }, 'pipeline-not-found');
    const late = await lateRows(tx, row, published);
    await tx.save(PipelineRow, { ...moved(row, published, { ...cascadeOf(tx.cause), pipelineVersion: row.version }), late });
  }
}

function moved(row: PipelineRow, published: DataSetVersionPublished, cascade: WatchedTable['cascade']): PipelineRow {
  const { dataSet, minEventTime } = published;
  const { windowMs } = row.definition.monitoring;
  const next = { ...row };
  if (dataSet === predictionDataSet(row.definition).id) {
    const trusted = trustedWatermark({ watermark: row.predictions?.watermark ?? null, ahead: row.predictions?.ahead ?? {} }, published, windowMs);
    next.predictions = { ...tableOf(row.predictions, published, cascade), ...trusted };
    if (minEventTime !== null) next.firstPredictionAt = earlier(row.firstPredictionAt, minEventTime);
  }
  if (dataSet === row.definition.label.dataSet) next.labels = tableOf(row.labels, published, cascade);
  if (dataSet === row.definition.predict.dataSet) {
    const trusted = trustedWatermark({ watermark: row.recordsWatermark?.toISOString() ?? null, ahead: row.recordsAhead }, published, windowMs);
    next.recordsWatermark = trusted.watermark === null ? row.recordsWatermark : new Date(trusted.watermark);
    next.recordsAhead = trusted.ahead;
  }
  return next;
}

/** Predictions of a day whose windows were closed nearly without them: the source was late. */
async function lateRows(tx: Tx, row: PipelineRow, { dataSet, rowsByDay }: DataSetVersionPublished): Promise<PipelineRow['late']> {
  if (dataSet !== predictionDataSet(row.definition).id || row.nextWindowAt === null) return row.late;
  const closedMs = row.nextWindowAt.getTime();
  for (const { day, rows } of rowsByDay.filter((each) => each.rows >= FEWEST_LATE_ROWS && Date.parse(each.day) + DAY_MS <= closedMs)) {
    const windows = await tx.findMany(WindowRow, { where: { pipeline: row.pipeline, modelVersion: row.champion?.modelVersion ?? 0, fromAt: Between(new Date(day), new Date(Date.parse(day) + DAY_MS - 1)) } });
    const seen = windows.reduce((sum, { inputs }) => sum + (inputs?.rows ?? 0), 0);
    if (windows.length > 0 && seen < rows) return { rows, of: day };
  }
  return row.late;
}

function tableOf(known: WatchedTable | null, { tableUrl, version, watermark }: DataSetVersionPublished, cascade: WatchedTable['cascade']): WatchedTable {
  const latest = [known?.watermark, watermark].flatMap((time) => time ?? []).sort();
  return { url: tableUrl, version: Math.max(version, known?.version ?? 0), watermark: latest.at(-1) ?? null, cascade };
}

function earlier(known: Date | null, time: string): Date {
  return new Date(Math.min(known?.getTime() ?? Infinity, Date.parse(time)));
}
