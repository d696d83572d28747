import type { Finding, ModelVersionEvaluation, ModelVersionRejected, ModelVersionSummary, ServingSpec, SignedModel } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A model version with everything it came from and was judged by. */
@Entity('model_versions')
export class ModelVersionRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('int', { name: 'model_version' })
  modelVersion!: number;

  @Column('text')
  run!: string;

  @Column('text')
  stage!: ModelVersionSummary['stage'];

  @Column('int', { name: 'pipeline_version' })
  pipelineVersion!: number;

  /** The champion it was compared with; null for a first version. */
  @Column('int', { name: 'compared_with', nullable: true })
  comparedWith!: number | null;

  @Column('jsonb')
  evaluation!: ModelVersionEvaluation;

  @Column('jsonb')
  serving!: ServingSpec;

  @Column('jsonb', { nullable: true })
  signed!: SignedModel | null;

  @Column('jsonb')
  because!: Finding[];

  /** Why it was rejected; null otherwise. */
  @Column('text', { nullable: true })
  verdict!: ModelVersionRejected['verdict'] | null;

  /** Who asked for the run: the actor of its cascade. */
  @Column('text', { name: 'requested_by' })
  requestedBy!: string;

  @Column('text', { name: 'decided_by', nullable: true })
  decidedBy!: string | null;

  @Column('timestamptz', { name: 'registered_at' })
  registeredAt!: Date;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt!: Date | null;
}
