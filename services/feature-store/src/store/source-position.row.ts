import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a partition of a data set's topic is folded into tiles. */
@Entity('source_positions')
export class SourcePositionRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet: string;

  @PrimaryColumn('integer')
  partition: number;

  /** Last offset of the data topic (not of the accepted one) that was folded: what comes again is left out. */
  @Column('bigint', { name: 'source_offset' })
  sourceOffset: number;

  @Column('bigint', { name: 'watermark_ms' })
  watermarkMs: number;

  /** Offset up to which `feature-view.materialized` was emitted. */
  @Column('bigint', { name: 'announced_offset' })
  announcedOffset: number;

  /** Tiles that changed since then. */
  @Column('integer', { name: 'changed_values' })
  changedValues: number;
}
