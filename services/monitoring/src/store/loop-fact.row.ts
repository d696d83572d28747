import type { LoopFact } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that happened in a pipeline's loop, kept for its KPIs. */
@Entity('loop_facts')
export class LoopFactRow {
  /** Id of the event that told it. */
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  pipeline!: string;

  /** When its event was made, processing time. */
  @Column('timestamptz')
  at!: Date;

  @Column('jsonb')
  fact!: LoopFact;
}
