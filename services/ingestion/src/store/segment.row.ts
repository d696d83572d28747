import type { Artifact, Finding, Segment } from '@millrace/contracts';
import type { TableStatistics } from '@millrace/storage';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CascadePlace } from './cascade-place.js';

export interface RowsOfDay {
  day: string;
  rows: number;
}

/** A stretch of one partition, from its staging to its publication. */
@Entity('segments')
export class SegmentRow {
  @PrimaryColumn('text')
  segment: string;

  @Column('text', { name: 'data_set' })
  dataSet: string;

  @Column('integer')
  partition: number;

  @Column('bigint', { name: 'from_offset' })
  fromOffset: number;

  @Column('bigint', { name: 'to_offset' })
  toOffset: number;

  @Column('integer')
  rows: number;

  @Column('integer')
  quarantined: number;

  @Column('jsonb', { nullable: true })
  file: Artifact | null;

  /** What the Delta log says about the file. */
  @Column('jsonb', { nullable: true })
  statistics: TableStatistics | null;

  @Column('jsonb', { name: 'rows_by_day' })
  rowsByDay: RowsOfDay[];

  @Column('integer', { name: 'pipeline_version' })
  pipelineVersion: number;

  @Column('timestamptz', { name: 'min_event_time', nullable: true })
  minEventTime: Date | null;

  @Column('timestamptz', { name: 'max_event_time', nullable: true })
  maxEventTime: Date | null;

  @Column('timestamptz', { name: 'max_known_at', nullable: true })
  maxKnownAt: Date | null;

  @Column('text')
  state: Segment['state'];

  @Column('jsonb')
  because: Finding[];

  /** Cascade of the verdict, which publication goes on with. */
  @Column('jsonb', { name: 'cascade', nullable: true })
  cascade: CascadePlace | null;

  @Column('uuid', { nullable: true })
  publication: string | null;

  @Column('integer', { nullable: true })
  version: number | null;

  @Column('timestamptz', { name: 'staged_at' })
  stagedAt: Date;
}

export function toSegment(row: SegmentRow): Segment {
  const { segment, dataSet, partition, rows, quarantined, state, version, file, because } = row;
  return { dataSet, segment, partition, fromOffset: Number(row.fromOffset), toOffset: Number(row.toOffset), rows, quarantined, state, version, file, because, stagedAt: row.stagedAt.toISOString() };
}
