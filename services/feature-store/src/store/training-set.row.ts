import type { Finding, RunRequested, TimeWindow } from '@millrace/contracts';
import type { cascadeOf } from '@millrace/runtime';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A training set that a run asked for. */
@Entity('training_sets')
export class TrainingSetRow {
  @PrimaryColumn('text', { name: 'training_set' })
  trainingSet: string;

  @Column('text')
  pipeline: string;

  @Column('text')
  run: string;

  @Column('text')
  state: 'requested' | 'created' | 'refused';

  /** Pipeline version whose definition holds. */
  @Column('integer')
  version: number;

  @Column('jsonb')
  request: RunRequested;

  /** The cascade that the events to come belong to. */
  @Column('jsonb')
  cascade: ReturnType<typeof cascadeOf>;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt: Date;

  @Column('timestamptz', { name: 'as_of', nullable: true })
  asOf: Date | null;

  @Column('integer', { nullable: true })
  rows: number | null;

  @Column('jsonb', { nullable: true })
  window: TimeWindow | null;

  @Column('jsonb')
  because: Finding[];
}
