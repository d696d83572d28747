import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A segment that was rejected after its records had gone into tiles. */
@Entity('suspect_segments')
export class SuspectSegmentRow {
  @PrimaryColumn('text')
  segment: string;

  @Column('text', { name: 'data_set' })
  dataSet: string;

  @Column('timestamptz', { name: 'rejected_at' })
  rejectedAt: Date;
}
