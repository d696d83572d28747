import type { PartitionOffset } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A data set at the newest version that was published. */
@Entity('sources')
export class SourceRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet: string;

  @Column('text')
  pipeline: string;

  @Column('integer')
  version: number;

  @Column('text', { name: 'table_url' })
  tableUrl: string;

  /** Largest known-at time published; null while only empty segments were. */
  @Column('timestamptz', { nullable: true })
  watermark: Date | null;

  /** Last offset of the data topic that was published or passed over, per partition. */
  @Column('jsonb')
  offsets: PartitionOffset[];
}
