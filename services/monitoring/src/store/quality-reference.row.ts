import type { IsotonicFit, LossModel, Slicing } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a version's quality is held against besides its losses: it belongs to the version and returns with it. */
@Entity('quality_references')
export class QualityReferenceRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('int', { name: 'model_version' })
  modelVersion!: number;

  /** How columns are cut into slices, pinned by the version's first window. */
  @Column('jsonb')
  slicings!: Slicing[];

  /** Labels over scores; null before enough outcomes are known, and for a regression. */
  @Column('jsonb', { nullable: true })
  calibration!: IsotonicFit | null;

  /** Losses over inputs and prediction; null before enough outcomes are known. */
  @Column('jsonb', { name: 'loss_model', nullable: true })
  lossModel!: LossModel | null;
}
