import type { PerformanceWindow } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was measured of a version in a window, but for the names of both. */
export type MeasuredWindow = Omit<PerformanceWindow, 'pipeline' | 'modelVersion' | 'window'>;

/** How the predictions of a version in one window turned out, as far as outcomes were known when it was measured last. */
@Entity('performance_windows')
export class PerformanceRow {
  @PrimaryColumn('text')
  pipeline!: string;

  @PrimaryColumn('int', { name: 'model_version' })
  modelVersion!: number;

  @PrimaryColumn('timestamptz', { name: 'from_at' })
  fromAt!: Date;

  @Column('timestamptz', { name: 'to_at' })
  toAt!: Date;

  /** It is measured again when labels are known up to here; null when nothing is expected to change it. */
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column('jsonb')
  measured!: MeasuredWindow;
}
