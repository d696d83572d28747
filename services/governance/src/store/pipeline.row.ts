import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What governance needs of an active pipeline. */
@Entity('pipelines')
export class PipelineRow {
  @PrimaryColumn('text')
  pipeline: string;

  @Column('integer')
  version: number;

  /** Ids of its data sets, the prediction log among them. */
  @Column('text', { name: 'data_sets', array: true })
  dataSets: string[];

  /** Milliseconds its training command may take. */
  @Column('bigint', { name: 'command_time_ms' })
  commandTimeMs: number;
}
