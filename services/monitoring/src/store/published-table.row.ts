import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where a published data set lies. */
@Entity('published_tables')
export class PublishedTableRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet!: string;

  @Column('text')
  url!: string;
}
