import type { Finding, Rollout, RolloutPlan, RolloutStepRecord } from '@millrace/contracts';
import type { ServedVersion } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The cascade that a rollout belongs to: its events stay in it, whatever event moves it on. */
export interface RolloutCascade {
  correlationId: string;
  causationId: string;
  pipelineVersion?: number;
}

/** A model version on its way to replace the one before. At most one per pipeline is open. */
@Entity('rollouts')
export class RolloutRow {
  /** `<project>/ro-<uuid>` */
  @PrimaryColumn('text')
  rollout!: string;

  @Column('text')
  pipeline!: string;

  @Column('int', { name: 'model_version' })
  modelVersion!: number;

  @Column('text')
  state!: Rollout['state'];

  @Column('jsonb')
  plan!: RolloutPlan;

  @Column('jsonb')
  candidate!: ServedVersion;

  @Column('jsonb', { nullable: true })
  previous!: ServedVersion | null;

  /** Place in the steps of the plan, from 0; -1 before the first. */
  @Column('int')
  at!: number;

  @Column('text', { name: 'paused_by', nullable: true })
  pausedBy!: string | null;

  /** Verdicts on the present step that could not tell. */
  @Column('int')
  inconclusive!: number;

  @Column('jsonb')
  steps!: RolloutStepRecord[];

  @Column('jsonb')
  because!: Finding[];

  @Column('jsonb')
  cascade!: RolloutCascade;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'step_entered_at', nullable: true })
  stepEnteredAt!: Date | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}
