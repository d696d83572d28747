import type { Finding } from '@millrace/contracts';
import type { Diagnosis, TriggerCause } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cascade } from './cascade.js';

export type TriggerState = 'waiting-for-labels' | 'held' | 'training' | 'ignored' | 'asks-a-person' | 'dropped';

/** A signal that may lead to a run, and what was decided about it last. */
@Entity('triggers')
export class TriggerRow {
  /** `<project>/tr-<uuid>` */
  @PrimaryColumn('text')
  trigger!: string;

  @Column('text')
  pipeline!: string;

  @Column('text')
  cause!: TriggerCause;

  @Column('text', { nullable: true })
  diagnosis!: Diagnosis | null;

  @Column('text')
  state!: TriggerState;

  @Column('timestamptz', { name: 'change_point', nullable: true })
  changePoint!: Date | null;

  @Column('text', { nullable: true })
  incident!: string | null;

  /** The version that it was found about; null: none. */
  @Column('int', { name: 'model_version', nullable: true })
  modelVersion!: number | null;

  /** Event time. */
  @Column('timestamptz', { name: 'waiting_since', nullable: true })
  waitingSince!: Date | null;

  /** Whether a run of this trigger was refused before. */
  @Column('boolean')
  retried!: boolean;

  @Column('int', { name: 'matured_rows' })
  maturedRows!: number;

  @Column('int', { name: 'needed_rows' })
  neededRows!: number;

  /** What a day without an answer costs, in usual losses times the pipeline's weight. */
  @Column('float8', { name: 'estimated_loss_per_day' })
  estimatedLossPerDay!: number;

  @Column('text', { nullable: true })
  run!: string | null;

  @Column('jsonb')
  because!: Finding[];

  @Column('jsonb')
  cascade!: Cascade;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
