import type { DefinitionChange, Pipeline, PipelineVersionSummary } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A version of a pipeline file. Only its state changes. */
@Entity('pipeline_versions')
export class PipelineVersionRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('int')
  version!: number;

  @Column('text')
  state!: PipelineVersionSummary['state'];

  @Column('jsonb')
  definition!: Pipeline;

  @Column('text')
  source!: string;

  /** Digest of the source. */
  @Column('text')
  sha256!: string;

  @Column('jsonb')
  changes!: DefinitionChange[];

  @Column('text', { name: 'applied_by' })
  appliedBy!: string;

  @Column('timestamptz', { name: 'applied_at' })
  appliedAt!: Date;
}
