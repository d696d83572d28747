import type { Artifact, Signature } from '@millrace/contracts';
import type { LossWindow, PinnedColumn, Reference, WindowProfile } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Scores have no reference before a version answers: its first windows are. */
export interface ScoreReference {
  column: PinnedColumn;
  windows: WindowProfile[];
}

/** The reference of the model version that a run made: it belongs to the version and returns with it. */
@Entity('model_references')
export class ReferenceRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('text')
  run!: string;

  /** The training set; null until feature-store made it. */
  @Column('jsonb', { name: 'training_set', nullable: true })
  trainingSet!: { file: Artifact; inputs: Signature['inputs'] } | null;

  /** Distances and bounds of the inputs; null until the version answers and its training set was read. */
  @Column('jsonb', { nullable: true })
  inputs!: Reference | null;

  @Column('jsonb', { nullable: true })
  scores!: ScoreReference | null;

  /** Losses of every row of the sealed hold-outs; null until the run was evaluated. */
  @Column('jsonb', { name: 'row_losses', nullable: true })
  rowLosses!: Artifact | null;

  /** How the version did on the whole windows of its recent hold-out; read with `inputs`. */
  @Column('jsonb', { name: 'hold_out_losses' })
  holdOutLosses!: LossWindow[];

  /** The version's first served windows with matured labels. */
  @Column('jsonb', { name: 'first_outcomes' })
  firstOutcomes!: LossWindow[];
}
