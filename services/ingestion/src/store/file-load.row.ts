import type { FileLoad } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file whose rows are sent to a data set's topic, and how far that is. */
@Entity('file_loads')
export class FileLoadRow {
  @PrimaryColumn('text')
  file: string;

  @Column('text', { name: 'data_set' })
  dataSet: string;

  @Column('text')
  format: FileLoad['format'];

  @Column('text')
  url: string;

  @Column('bigint', { name: 'size_bytes' })
  sizeBytes: number;

  @Column('text')
  state: FileLoad['state'];

  @Column('integer', { name: 'rows_done' })
  rowsDone: number;

  @Column('text', { nullable: true })
  problem: string | null;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt: Date;
}

export function toFileLoad(row: FileLoadRow): FileLoad {
  const { file, dataSet, format, state, rowsDone, problem } = row;
  return { file, dataSet, format, state, rowsDone, sizeBytes: Number(row.sizeBytes), problem, receivedAt: row.receivedAt.toISOString() };
}
