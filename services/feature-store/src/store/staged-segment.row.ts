import type { Artifact } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A segment whose records are in tiles and that is not published, or never will be. */
@Entity('staged_segments')
export class StagedSegmentRow {
  @PrimaryColumn('text')
  segment: string;

  @Column('text', { name: 'data_set' })
  dataSet: string;

  @Column('integer')
  partition: number;

  @Column('bigint', { name: 'to_offset' })
  toOffset: number;

  /** Null for a segment without rows. */
  @Column('jsonb', { nullable: true })
  file: Artifact | null;

  /** A rejected one is `suspect` until its records have been taken out of the tiles. */
  @Column('text')
  state: 'staged' | 'suspect' | 'rejected';
}
