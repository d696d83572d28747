import type { DataSetDefinition } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a data set's segments are held against, by the active version of its pipeline. */
@Entity('suites')
export class SuiteRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet: string;

  @Column('text')
  pipeline: string;

  @Column('integer', { name: 'pipeline_version' })
  pipelineVersion: number;

  @Column('jsonb')
  definition: DataSetDefinition;
}
