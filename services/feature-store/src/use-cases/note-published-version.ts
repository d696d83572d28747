import type { DataSetVersionPublished } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { SourceRow } from '../store/source.row.js';

/** Remembers the newest version of a data set: what training sets read. */
export async function notePublishedVersion(tx: Tx, { dataSet, pipeline, version, tableUrl, watermark }: DataSetVersionPublished): Promise<void> {
  const known = await tx.lockOrNull(SourceRow, { dataSet });
  if (known && known.version >= version) return;
  await tx.save(SourceRow, { dataSet, pipeline, version, tableUrl, watermark: watermark === null ? (known?.watermark ?? null) : new Date(watermark) });
}
