import { Column, Entity, PrimaryColumn } from 'typeorm';

export type TrackedStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

/** A run as the MLflow client sees it. That of a Millrace run has the run's id without its project. */
@Entity('tracking_runs')
export class TrackedRunRow {
  @PrimaryColumn('text', { name: 'run_id' })
  runId!: string;

  @Column('bigint', { name: 'experiment_id' })
  experimentId!: number;

  @Column('text', { name: 'run_name' })
  runName!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('text')
  status!: TrackedStatus;

  /** Milliseconds since 1970. */
  @Column('bigint', { name: 'start_time' })
  startTime!: number;

  @Column('bigint', { name: 'end_time', nullable: true })
  endTime!: number | null;

  @Column('text', { name: 'lifecycle_stage' })
  lifecycleStage!: 'active' | 'deleted';

  /** Data sets that the run said it read, in MLflow's form. */
  @Column('jsonb')
  inputs!: object[];
}
