import type { Finding } from '@millrace/contracts';
import type { DriftedColumn, Incident } from '@millrace/decisions';
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

  @Column('jsonb')
  columns!: DriftedColumn[];

  @Column('jsonb')
  because!: Finding[];

  @Column('jsonb')
  cascade!: Cascade;

  @Column('timestamptz', { name: 'raised_at' })
  raisedAt!: Date;
}
