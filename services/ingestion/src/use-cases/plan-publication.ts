import { decidePublication } from '@millrace/decisions';
import type { OpenSegment } from '@millrace/decisions';
import type { ReadTx, Tx } from '@millrace/runtime';
import { In, IsNull } from 'typeorm';
import { projectOf } from '../data-set-names.js';
import { PartitionPositionRow } from '../store/partition-position.row.js';
import { PublicationRow } from '../store/publication.row.js';
import { SegmentRow } from '../store/segment.row.js';

/** Ids of the data sets in which something may leave or a publication is open. */
export async function dataSetsToPublish(tx: ReadTx): Promise<string[]> {
  const rows = await tx.query<{ data_set: string }>(
    `select distinct data_set from segments join partition_positions using (data_set, partition)
     where state in ('accepted', 'rejected') and from_offset > published_offset
     union select data_set from publications where published_at is null`,
  );
  return rows.map((row) => row.data_set);
}

/** The publication that is to be made next: the open one, or a new one of every segment that may leave. Null when nothing is to be published. */
export async function planPublication(tx: Tx, dataSet: string): Promise<PublicationRow | null> {
  await tx.lockKey(dataSet);
  const open = await tx.find(PublicationRow, { dataSet, publishedAt: IsNull() });
  if (open) return open;
  const { publish, pass } = decidePublication(await openSegments(tx, dataSet));
  const positions = positionsOf([...publish, ...pass]);
  await tx.query(`update segments set state = 'passed' where segment = any($1) and state = 'accepted'`, [pass.map((segment) => segment.segment)]);
  if (publish.length === 0) {
    await movePublished(tx, dataSet, positions);
    return null;
  }
  return insertPublication(tx, dataSet, publish.map((segment) => segment.segment), positions);
}

/** Notes that everything up to these offsets has left. */
export async function movePublished(tx: Tx, dataSet: string, positions: PublicationRow['positions']): Promise<void> {
  for (const { partition, offset } of positions) {
    const position = await tx.lock(PartitionPositionRow, { dataSet, partition });
    await tx.save(PartitionPositionRow, { ...position, publishedOffset: offset });
  }
}

async function openSegments(tx: Tx, dataSet: string): Promise<OpenSegment[]> {
  const rows = await tx.query<{ segment: string; partition: number; from_offset: number; to_offset: number; rows: number; state: SegmentRow['state'] }>(
    `select segment, partition, from_offset, to_offset, rows, state from segments join partition_positions using (data_set, partition)
     where data_set = $1 and from_offset > published_offset order by partition, from_offset limit 1000`,
    [dataSet],
  );
  return rows.map(({ segment, partition, rows: rowCount, state, ...offsets }) => ({
    segment,
    partition,
    fromOffset: Number(offsets.from_offset),
    toOffset: Number(offsets.to_offset),
    rows: rowCount,
    verdict: state === 'accepted' || state === 'rejected' ? state : 'open',
  }));
}

/** Several segments join their cascades here; the publication goes on with that of the last one. */
async function insertPublication(tx: Tx, dataSet: string, segments: string[], positions: PublicationRow['positions']): Promise<PublicationRow> {
  const rows = await tx.findMany(SegmentRow, { where: { segment: In(segments) } });
  const last = rows.find((row) => row.segment === segments.at(-1));
  const { id: causationId, correlationId } = tx.cause;
  const publication: PublicationRow = {
    publication: tx.newId(),
    dataSet,
    kind: 'append',
    toVersion: null,
    segments,
    removedSegments: [],
    positions,
    cascade: last?.cascade ?? { project: projectOf(dataSet), correlationId, causationId },
    reason: null,
    version: null,
    rows: rows.reduce((sum, row) => sum + row.rows, 0),
    totalRows: 0,
    plannedAt: tx.now,
    publishedAt: null,
  };
  await tx.insert(PublicationRow, publication);
  await tx.query('update segments set publication = $1 where segment = any($2)', [publication.publication, segments]);
  return publication;
}

function positionsOf(segments: readonly OpenSegment[]): PublicationRow['positions'] {
  const last = new Map<number, number>();
  for (const { partition, toOffset } of segments) last.set(partition, Math.max(toOffset, last.get(partition) ?? -1));
  return [...last].map(([partition, offset]) => ({ partition, offset }));
}
