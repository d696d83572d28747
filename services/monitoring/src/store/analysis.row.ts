import type { AnalysisNeeds, Finding } from '@millrace/contracts';
import type { AnalysisDecision } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cascade } from './cascade.js';

/** What a step of a rollout asked for. */
@Entity('analyses')
export class AnalysisRow {
  @PrimaryColumn('text')
  rollout!: string;

  @PrimaryColumn('int')
  step!: number;

  @Column('text')
  pipeline!: string;

  @Column('text')
  phase!: 'shadow' | 'canary' | 'bake';

  @Column('int', { name: 'model_version' })
  modelVersion!: number;

  @Column('int', { name: 'previous_model_version', nullable: true })
  previousModelVersion!: number | null;

  @Column('jsonb')
  needs!: AnalysisNeeds;

  /** Event time from which predictions count. */
  @Column('timestamptz', { name: 'counts_from', nullable: true })
  countsFrom!: Date | null;

  /** `closed`: judged, or the rollout went on without it. */
  @Column('text')
  state!: 'open' | 'closed';

  /** Versions of the tables that it was last judged with: nothing is judged twice on the same data. */
  @Column('text', { name: 'judged_with', nullable: true })
  judgedWith!: string | null;

  @Column('text', { nullable: true })
  verdict!: AnalysisDecision['verdict'] | null;

  /** Blocks that the last reported verdict rested on. */
  @Column('int')
  blocks!: number;

  @Column('jsonb')
  because!: Finding[];

  @Column('jsonb')
  cascade!: Cascade;
}
