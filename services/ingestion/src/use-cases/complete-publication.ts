import type { Tx } from '@millrace/runtime';
import { In } from 'typeorm';
import { DataSetRow } from '../store/data-set.row.js';
import { PartitionPositionRow } from '../store/partition-position.row.js';
import { PublicationRow } from '../store/publication.row.js';
import { SegmentRow } from '../store/segment.row.js';
import type { RowsOfDay } from '../store/segment.row.js';
import { movePublished } from './plan-publication.js';

/** What the table says after the commit. */
export interface MadeCommit {
  version: number;
  totalRows: number;
  tableUrl: string;
}

/** Records a publication whose commit is in the table, and announces the version. Nothing happens when that was done before. */
export async function completePublication(tx: Tx, publicationId: string, commit: MadeCommit): Promise<void> {
  const publication = await tx.lock(PublicationRow, { publication: publicationId });
  if (publication.publishedAt) return;
  const { dataSet } = publication;
  const segments = inOrder(await tx.findMany(SegmentRow, { where: { segment: In(publication.segments) } }));
  await tx.save(PublicationRow, { ...publication, version: commit.version, totalRows: commit.totalRows, publishedAt: tx.now });
  await tx.query(`update segments set state = 'published', version = $1 where segment = any($2)`, [commit.version, publication.segments]);
  await tx.query(`update segments set state = 'reverted' where segment = any($1)`, [publication.removedSegments]);
  await movePublished(tx, dataSet, publication.positions);
  const row = await tx.lock(DataSetRow, { dataSet }, 'data-set-not-found');
  const watermark = latestOf([row.watermark, ...segments.map((segment) => segment.maxKnownAt)]);
  await tx.save(DataSetRow, { ...row, version: commit.version, totalRows: commit.totalRows, watermark });
  const positions = await tx.findMany(PartitionPositionRow, { where: { dataSet }, order: { partition: 'ASC' } });
  tx.emit('millrace.ingestion.data-set.version-published.v1', {
    dataSet,
    version: commit.version,
    pipeline: row.pipeline,
    kind: row.kind,
    tableUrl: commit.tableUrl,
    rows: publication.rows,
    totalRows: commit.totalRows,
    rowsByDay: rowsByDayOf(segments),
    segments: segments.map(({ segment, file, rows }) => ({ segment, file, rows })),
    removedSegments: publication.removedSegments,
    minEventTime: earliestOf(segments.map((segment) => segment.minEventTime))?.toISOString() ?? null,
    maxEventTime: latestOf(segments.map((segment) => segment.maxEventTime))?.toISOString() ?? null,
    watermark: watermark?.toISOString() ?? null,
    offsets: positions.map(({ partition, publishedOffset }) => ({ partition, offset: Number(publishedOffset) })),
  }, { pipelineVersion: row.pipelineVersion ?? 1 });
}

function inOrder(segments: SegmentRow[]): SegmentRow[] {
  return segments.sort((a, b) => a.partition - b.partition || Number(a.fromOffset) - Number(b.fromOffset));
}

function rowsByDayOf(segments: readonly SegmentRow[]): RowsOfDay[] {
  const days = new Map<string, number>();
  for (const { day, rows } of segments.flatMap((segment) => segment.rowsByDay)) days.set(day, (days.get(day) ?? 0) + rows);
  return [...days].sort(([a], [b]) => a.localeCompare(b)).map(([day, rows]) => ({ day, rows }));
}

function latestOf(times: readonly (Date | null)[]): Date | null {
  return times.reduce((latest, time) => (time && (!latest || time > latest) ? time : latest), null);
}

function earliestOf(times: readonly (Date | null)[]): Date | null {
  return times.reduce((earliest, time) => (time && (!earliest || time < earliest) ? time : earliest), null);
}
