import type { Finding } from '@millrace/contracts';
import type { Attention, DriftedColumn, EventTimeInterval, Incident, LossSegment } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cascade } from './cascade.js';

/** An incident and its alert. */
@Entity('incidents')
export class IncidentRow {
  /** `<project>/inc-<uuid>` */
  @PrimaryColumn('text')
  incident!: string;

  @Column('text')
  pipeline!: string;

  @Column('int', { name: 'model_version' })
  modelVersion!: number;

  /** What the decision remembers of it. */
  @Column('jsonb')
  life!: Incident;

  @Column('text')
  kind!: Incident['kind'];

  @Column('text')
  state!: Incident['state'];

  /** `<project>/al-<uuid>` */
  @Column('text')
  alert!: string;

  /** Between when and when it began; null where only the change point is known. */
  @Column('jsonb', { name: 'change_interval', nullable: true })
  changeInterval!: EventTimeInterval | null;

  @Column('jsonb')
  columns!: DriftedColumn[];

  /** Where losses grew most. */
  @Column('jsonb')
  segments!: LossSegment[];

  /** Predictions that show it. */
  @Column('jsonb')
  examples!: { column: string; values: string; predictionId: string }[];

  @Column('jsonb')
  because!: Finding[];

  @Column('jsonb')
  attention!: Attention;

  @Column('jsonb')
  cascade!: Cascade;

  @Column('timestamptz', { name: 'raised_at' })
  raisedAt!: Date;
}
