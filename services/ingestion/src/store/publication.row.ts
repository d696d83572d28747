import type { DataSetVersion } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CascadePlace } from './cascade-place.js';

/** A commit to a data set's table: planned in one transaction, made in the table, recorded in another. A data set has at most one open. */
@Entity('publications')
export class PublicationRow {
  @PrimaryColumn('uuid')
  publication: string;

  @Column('text', { name: 'data_set' })
  dataSet: string;

  /** `append` brings segments, `revert` takes out what came after `toVersion`. */
  @Column('text')
  kind: 'append' | 'revert';

  @Column('integer', { name: 'to_version', nullable: true })
  toVersion: number | null;

  @Column('jsonb')
  segments: string[];

  @Column('jsonb', { name: 'removed_segments' })
  removedSegments: string[];

  /** Per partition the offset up to which everything has left when this is published; also the table's transaction versions. */
  @Column('jsonb')
  positions: { partition: number; offset: number }[];

  @Column('jsonb')
  cascade: CascadePlace;

  @Column('text', { nullable: true })
  reason: string | null;

  /** Null while it is open. */
  @Column('integer', { nullable: true })
  version: number | null;

  @Column('integer')
  rows: number;

  @Column('integer', { name: 'total_rows' })
  totalRows: number;

  @Column('timestamptz', { name: 'planned_at' })
  plannedAt: Date;

  @Column('timestamptz', { name: 'published_at', nullable: true })
  publishedAt: Date | null;
}

export function toDataSetVersion(row: PublicationRow): DataSetVersion {
  const { dataSet, rows, totalRows, segments, removedSegments } = row;
  return { dataSet, version: row.version ?? 0, rows, totalRows, segments, removedSegments, publishedAt: (row.publishedAt ?? row.plannedAt).toISOString() };
}
