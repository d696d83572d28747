import type { CascadeSummary } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A cascade in one line. */
@Entity('cascades')
export class CascadeRow {
  @PrimaryColumn('text')
  correlation: string;

  @Column('text')
  project: string;

  @Column('text', { nullable: true })
  pipeline: string | null;

  @Column('text', { name: 'first_type' })
  firstType: string;

  @Column('text', { name: 'last_type' })
  lastType: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  @Column('integer')
  events: number;

  /** False: it only moved data on. */
  @Column('boolean')
  decides: boolean;
}

export function toCascadeSummary(row: CascadeRow, state: CascadeSummary['state']): CascadeSummary {
  const { correlation, project, pipeline, firstType, lastType, events, decides } = row;
  return { correlation, project, pipeline, firstType, lastType, startedAt: row.startedAt.toISOString(), lastAt: row.lastAt.toISOString(), events, decides, state };
}
