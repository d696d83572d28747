import type { QuarantinedRecord } from '@millrace/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A record that was set aside. */
@Entity('quarantined_records')
export class QuarantinedRecordRow {
  @PrimaryColumn('bigint')
  id: number;

  @Column('text', { name: 'data_set' })
  dataSet: string;

  @Column('text')
  segment: string;

  @Column('integer')
  partition: number;

  @Column('bigint')
  offset: number;

  @Column('text', { nullable: true })
  key: string | null;

  /** Those that say how the value is to be read. */
  @Column('json')
  headers: Record<string, string>;

  @Column('text')
  code: string;

  @Column('text')
  detail: string;

  /** The first 64 KiB. */
  @Column('bytea')
  value: Buffer;

  @Column('integer', { name: 'size_bytes' })
  sizeBytes: number;

  @Column('timestamptz', { name: 'quarantined_at' })
  quarantinedAt: Date;

  @Column('timestamptz', { name: 'replayed_at', nullable: true })
  replayedAt: Date | null;
}

export const KEPT_VALUE_BYTES = 64 * 1024;

export function toQuarantinedRecord(row: QuarantinedRecordRow): QuarantinedRecord {
  const { dataSet, segment, partition, key, code, detail, sizeBytes } = row;
  return {
    id: Number(row.id),
    dataSet,
    segment,
    partition,
    offset: Number(row.offset),
    key,
    code,
    detail,
    value: row.value.toString('utf8'),
    isCut: sizeBytes > KEPT_VALUE_BYTES,
    sizeBytes,
    quarantinedAt: row.quarantinedAt.toISOString(),
    replayedAt: row.replayedAt?.toISOString() ?? null,
  };
}
