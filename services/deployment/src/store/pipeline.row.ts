import type { Pipeline } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The active version of a pipeline. */
@Entity('pipelines')
export class PipelineRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @Column('int')
  version!: number;

  @Column('jsonb')
  definition!: Pipeline;
}
