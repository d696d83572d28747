import type { ModelVersionRef, Pipeline } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Refusal } from '@millrace/decisions';

/** An active pipeline and what training knows of its model. */
@Entity('pipelines')
export class PipelineRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @Column('int')
  version!: number;

  @Column('jsonb')
  definition!: Pipeline;

  @Column('jsonb', { nullable: true })
  champion!: ModelVersionRef | null;

  /** From a version's approval to the end of its rollout's bake time. */
  @Column('boolean', { name: 'rollout_open' })
  rolloutOpen!: boolean;

  /** Largest model version whose rollout ended; its events may overtake the approval's, which come by another topic. */
  @Column('int', { name: 'settled_version' })
  settledVersion!: number;

  /** Event time at which the last run was requested. */
  @Column('timestamptz', { name: 'last_run_at', nullable: true })
  lastRunAt!: Date | null;

  /** The last try that was not better. */
  @Column('jsonb', { name: 'last_refusal', nullable: true })
  lastRefusal!: Refusal | null;
}
