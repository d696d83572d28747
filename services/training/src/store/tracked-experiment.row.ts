import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An MLflow experiment. Runs of a pipeline are in the one that has the pipeline's id as its name. */
@Entity('tracking_experiments')
export class TrackedExperimentRow {
  @PrimaryGeneratedColumn('identity', { name: 'experiment_id', type: 'bigint' })
  experimentId!: number;

  @Column('text')
  name!: string;

  @Column('text', { name: 'lifecycle_stage' })
  lifecycleStage!: 'active' | 'deleted';

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('jsonb')
  tags!: Record<string, string>;
}
