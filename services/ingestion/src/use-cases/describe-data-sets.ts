import type { DataSet, DataSetVersion, Segment } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { In, IsNull, Not } from 'typeorm';
import { dataTopicOf } from '../data-set-names.js';
import { DataSetRow, isActive } from '../store/data-set.row.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import { PartitionPositionRow } from '../store/partition-position.row.js';
import { PublicationRow, toDataSetVersion } from '../store/publication.row.js';
import { QuarantinedRecordRow } from '../store/quarantined-record.row.js';
import { SegmentRow, toSegment } from '../store/segment.row.js';
import { activeDataSet } from './load-file.js';

export async function describeDataSets(tx: ReadTx, urlOf: (dataSet: string) => string): Promise<DataSet[]> {
  const rows = await tx.findMany(DataSetRow, { order: { dataSet: 'ASC' } });
  const described: DataSet[] = [];
  for (const row of rows.filter(isActive)) described.push(await toDataSet(tx, row, urlOf));
  return described;
}

export async function describeDataSet(tx: ReadTx, dataSet: string, urlOf: (dataSet: string) => string): Promise<DataSet> {
  return toDataSet(tx, await activeDataSet(tx, dataSet), urlOf);
}

/** Newest first. */
export async function listVersions(tx: ReadTx, dataSet: string, limit: number): Promise<DataSetVersion[]> {
  await activeDataSet(tx, dataSet);
  const rows = await tx.findMany(PublicationRow, { where: { dataSet, publishedAt: Not(IsNull()) }, order: { version: 'DESC' }, take: limit });
  return rows.map(toDataSetVersion);
}

/** Newest first. */
export async function listSegments(tx: ReadTx, dataSet: string, limit: number): Promise<Segment[]> {
  await activeDataSet(tx, dataSet);
  return (await tx.findMany(SegmentRow, { where: { dataSet }, order: { stagedAt: 'DESC' }, take: limit })).map(toSegment);
}

async function toDataSet(tx: ReadTx, row: ActiveDataSet, urlOf: (dataSet: string) => string): Promise<DataSet> {
  const { dataSet, pipeline, pipelineVersion, kind, definition, version, totalRows, watermark } = row;
  const positions = await tx.findMany(PartitionPositionRow, { where: { dataSet }, order: { partition: 'ASC' } });
  return {
    dataSet,
    pipeline,
    pipelineVersion,
    kind,
    topic: dataTopicOf(dataSet),
    columns: definition.columns,
    version,
    totalRows,
    watermark: watermark?.toISOString() ?? null,
    tableUrl: urlOf(dataSet),
    offsets: positions.map(({ partition, nextOffset }) => ({ partition, offset: Number(nextOffset) - 1 })),
    staged: await tx.count(SegmentRow, { dataSet, state: In(['staged', 'accepted']) }),
    quarantined: await tx.count(QuarantinedRecordRow, { dataSet, replayedAt: IsNull() }),
  };
}
