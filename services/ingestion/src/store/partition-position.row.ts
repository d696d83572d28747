import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a partition of a data set's topic is staged and published. Ingestion resumes here; the group's committed offset is a hint. */
@Entity('partition_positions')
export class PartitionPositionRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet: string;

  @PrimaryColumn('integer')
  partition: number;

  /** First offset that is in no segment. */
  @Column('bigint', { name: 'next_offset' })
  nextOffset: number;

  /** Last offset that was published or passed; -1 before the first. */
  @Column('bigint', { name: 'published_offset' })
  publishedOffset: number;
}
