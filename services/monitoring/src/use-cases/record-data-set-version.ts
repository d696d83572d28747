import type { DataSetVersionPublished } from '@millrace/contracts';
import { predictionDataSet } from '@millrace/decisions';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { PublishedTableRow } from '../store/published-table.row.js';
import type { WatchedTable } from '../store/pipeline.row.js';

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
    await tx.save(PipelineRow, moved(row, published, { ...cascadeOf(tx.cause), pipelineVersion: row.version }));
  }
}

function moved(row: PipelineRow, published: DataSetVersionPublished, cascade: WatchedTable['cascade']): PipelineRow {
  const { dataSet, watermark, minEventTime } = published;
  const next = { ...row };
  if (dataSet === predictionDataSet(row.definition).id) {
    next.predictions = tableOf(row.predictions, published, cascade);
    if (minEventTime !== null) next.firstPredictionAt = earlier(row.firstPredictionAt, minEventTime);
  }
  if (dataSet === row.definition.label.dataSet) next.labels = tableOf(row.labels, published, cascade);
  if (dataSet === row.definition.predict.dataSet && watermark !== null) next.recordsWatermark = later(row.recordsWatermark, watermark);
  return next;
}

function tableOf(known: WatchedTable | null, { tableUrl, version, watermark }: DataSetVersionPublished, cascade: WatchedTable['cascade']): WatchedTable {
  const latest = [known?.watermark, watermark].flatMap((time) => time ?? []).sort();
  return { url: tableUrl, version: Math.max(version, known?.version ?? 0), watermark: latest.at(-1) ?? null, cascade };
}

function earlier(known: Date | null, time: string): Date {
  return new Date(Math.min(known?.getTime() ?? Infinity, Date.parse(time)));
}

function later(known: Date | null, time: string): Date {
  return new Date(Math.max(known?.getTime() ?? -Infinity, Date.parse(time)));
}
