import type { Finding } from '@millrace/contracts';
import type { Attention, DriftedColumn, EventTimeInterval, Incident, LossSegment } from '@millrace/decisions';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cascade } from './cascade.js';

/** What one pipeline sees of an incident, and its alert. Pipelines that see the same change share the incident. */
@Entity('incidents')
export class IncidentRow {
  /** `<project>/inc-<uuid>` */
  @PrimaryColumn('text')
  incident!: string;

  @PrimaryColumn('text')
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

  /** What moved, `<data set>.<column>`: by these pipelines find that they see the same. */
  @Column('text', { array: true })
  sources!: string[];

  /** Who was told. */
  @Column('text')
  recipient!: string;

  @Column('jsonb')
  attention!: Attention;

  @Column('jsonb')
  cascade!: Cascade;

  @Column('timestamptz', { name: 'raised_at' })
  raisedAt!: Date;
}
