import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Published rows of a data set by the day of their event time (UTC). */
@Entity('data_set_days')
export class DataSetDayRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet!: string;

  /** ISO date. */
  @PrimaryColumn('text')
  day!: string;

  @Column('int')
  rows!: number;
}
