import type { OperationOutput } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { cascadeOf } from '@millrace/runtime';
import type { Tx } from '@millrace/runtime';
import { IsNull, MoreThan } from 'typeorm';
import { DataSetRow } from '../store/data-set.row.js';
import { PublicationRow } from '../store/publication.row.js';
import { SegmentRow } from '../store/segment.row.js';

/** Plans a version without what came after `toVersion`. Records that arrive meanwhile are published behind it as ever. */
export async function revertDataSet(tx: Tx, dataSet: string, { toVersion, reason }: { toVersion: number; reason: string }): Promise<OperationOutput<'revertDataSet'>> {
  await tx.lockKey(dataSet);
  const row = await tx.get(DataSetRow, { dataSet }, 'data-set-not-found');
  if (row.version === null || toVersion >= row.version) throw new MillraceError('invalid-revert', `${dataSet} stands at version ${row.version ?? 'none'}; ${toVersion} is not older`);
  if (await tx.find(PublicationRow, { dataSet, publishedAt: IsNull() })) throw new MillraceError('stale-version', `A version of ${dataSet} is being published; try again`);
  const removed = await tx.findMany(SegmentRow, { where: { dataSet, state: 'published', version: MoreThan(toVersion) }, order: { stagedAt: 'ASC' } });
  const segments = removed.map((segment) => segment.segment);
  await tx.insert(PublicationRow, {
    publication: tx.newId(),
    dataSet,
    kind: 'revert',
    toVersion,
    segments: [],
    removedSegments: segments,
    positions: [],
    cascade: cascadeOf(tx.cause),
    reason,
    version: null,
    rows: 0,
    totalRows: 0,
    plannedAt: tx.now,
    publishedAt: null,
  });
  return { dataSet, toVersion, segments };
}
