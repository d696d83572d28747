import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A data set whose tiles are to be computed again from its files. Meanwhile none of its records is folded. */
@Entity('tile_rebuilds')
export class TileRebuildRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet: string;

  /** Series that are done. */
  @Column('jsonb')
  done: string[];

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt: Date;
}
