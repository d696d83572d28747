import type { ColumnDefinition, DataSet, DataSetDefinition } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A data set. Without a definition it is only reserved for a pipeline that is not active yet. */
@Entity('data_sets')
export class DataSetRow {
  @PrimaryColumn('text', { name: 'data_set' })
  dataSet: string;

  @Column('text')
  project: string;

  @Column('text')
  pipeline: string;

  @Column('text')
  kind: DataSet['kind'];

  @Column('integer', { name: 'pipeline_version', nullable: true })
  pipelineVersion: number | null;

  @Column('jsonb', { nullable: true })
  definition: DataSetDefinition | null;

  /** Every column that the table ever had. */
  @Column('jsonb')
  columns: ColumnDefinition[];

  @Column('integer', { nullable: true })
  version: number | null;

  @Column('integer', { name: 'total_rows' })
  totalRows: number;

  @Column('timestamptz', { nullable: true })
  watermark: Date | null;
}

/** A data set that takes records. */
export interface ActiveDataSet extends DataSetRow {
  definition: DataSetDefinition;
  pipelineVersion: number;
}

export function isActive(row: DataSetRow): row is ActiveDataSet {
  return row.definition !== null && row.pipelineVersion !== null;
}
