import type { Tx } from '@millrace/runtime';
import { In, IsNull } from 'typeorm';
import { QuarantinedRecordRow, KEPT_VALUE_BYTES } from '../store/quarantined-record.row.js';

const MOST_AT_ONCE = 1000;

export interface ReplayedRecords {
  /** Records to be sent to the data set's topic, as they came. */
  records: { key: string | null; headers: Record<string, string>; value: Buffer }[];
  skipped: number;
}

/** Takes records out of quarantine to be sent again. Those that were too long to be kept whole stay. */
export async function takeForReplay(tx: Tx, dataSet: string, { ids, code }: { ids?: number[]; code?: string }): Promise<ReplayedRecords> {
  const where = { dataSet, replayedAt: IsNull(), ...(ids ? { id: In(ids) } : {}), ...(code ? { code } : {}) };
  const rows = await tx.lockMany(QuarantinedRecordRow, { where, order: { id: 'ASC' }, take: MOST_AT_ONCE });
  const whole = rows.filter((row) => row.sizeBytes <= KEPT_VALUE_BYTES);
  await tx.query('update quarantined_records set replayed_at = $1 where id = any($2)', [tx.now, whole.map((row) => row.id)]);
  return { records: whole.map(({ key, headers, value }) => ({ key, headers, value })), skipped: rows.length - whole.length };
}
