import type { Finding } from '@millrace/contracts';
import type { DegradationDecision, JudgedWindow, LossWindow } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How a window's predictions turned out. */
export interface WindowOutcome {
  losses: LossWindow;
  verdict: DegradationDecision['verdict'];
  /** Null while the reference is too short. */
  bound: number | null;
  because: Finding[];
}

/** A closed window, judged against the reference of the version that answered. */
@Entity('windows')
export class WindowRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('int', { name: 'model_version' })
  modelVersion!: number;

  @PrimaryColumn('timestamptz', { name: 'from_at' })
  fromAt!: Date;

  @Column('timestamptz', { name: 'to_at' })
  toAt!: Date;

  /** Null for a window of which only the outcomes are known: the version answered in shadow. */
  @Column('jsonb', { nullable: true })
  inputs!: JudgedWindow | null;

  /** Checksum of the bins it was counted over. */
  @Column('text', { nullable: true })
  edges!: string | null;

  @Column('jsonb')
  because!: Finding[];

  @Column('jsonb', { nullable: true })
  outcome!: WindowOutcome | null;

  /** The data incident that it belongs to. */
  @Column('text', { nullable: true })
  incident!: string | null;
}
