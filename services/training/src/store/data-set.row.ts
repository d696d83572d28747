import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The newest published version of a data set. */
@Entity('data_sets')
export class DataSetRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet!: string;

  @Column('int')
  version!: number;

  /** Largest time of knowledge published so far. */
  @Column('timestamptz', { nullable: true })
  watermark!: Date | null;
}
