import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The run that made a model version: its reference bears the run's name. */
@Entity('version_runs')
export class VersionRunRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('int', { name: 'model_version' })
  modelVersion!: number;

  @Column('text')
  run!: string;
}
