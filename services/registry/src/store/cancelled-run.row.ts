import type { Finding } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A run that training cancelled. */
@Entity('cancelled_runs')
export class CancelledRunRow {
  @PrimaryColumn('text')
  run!: string;

  @Column('jsonb')
  because!: Finding[];
}
