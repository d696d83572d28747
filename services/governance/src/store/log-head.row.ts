import { HASH_BYTES } from '@millrace/merkle';
import type { CompactRange } from '@millrace/merkle';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Id of the one log. */
export const AUDIT_LOG = 'audit';

/** Size of the log and the hashes of its complete subtrees: enough to append and to sign. */
@Entity('log_heads')
export class LogHeadRow {
  @PrimaryColumn('text')
  id: string;

  @Column('bigint')
  size: number;

  /** The compact range's hashes, one behind the other. */
  @Column('bytea')
  peaks: Buffer;
}

export function toRange({ size, peaks }: LogHeadRow): CompactRange {
  const count = peaks.length / HASH_BYTES;
  return { size, peaks: Array.from({ length: count }, (_, at) => peaks.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)) };
}

export function toHead({ size, peaks }: CompactRange): LogHeadRow {
  return { id: AUDIT_LOG, size, peaks: Buffer.concat(peaks) };
}
