import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A pipeline: which of its versions is active and which model versions have a role. */
@Entity('pipelines')
export class PipelineRow {
  /** `<project>/<name>` */
  @PrimaryColumn('text')
  pipeline!: string;

  @Column('int', { name: 'latest_version' })
  latestVersion!: number;

  @Column('int', { name: 'active_version', nullable: true })
  activeVersion!: number | null;

  @Column('int', { name: 'latest_model_version' })
  latestModelVersion!: number;

  /** The model version that serves. */
  @Column('int', { nullable: true })
  champion!: number | null;

  /** The model version that is being rolled out. */
  @Column('int', { nullable: true })
  challenger!: number | null;
}
