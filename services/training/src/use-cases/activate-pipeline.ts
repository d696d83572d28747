import type { PipelineActivated } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { PipelineRow } from '../store/pipeline.row.js';
import { considerSignal } from './consider-signal.js';

/** From now on the version's definition counts. A pipeline without a model asks for its first one. */
export async function activatePipeline(tx: Tx, { pipeline, version, definition }: PipelineActivated): Promise<void> {
  await tx.lockKey(pipeline);
  const known = await tx.lockOrNull(PipelineRow, { pipeline });
  if (known && known.version > version) return;
  const row: PipelineRow = known
    ? { ...known, version, definition }
    : { pipeline, version, definition, champion: null, rolloutOpen: false, settledVersion: 0, lastRunAt: null, lastRefusal: null };
  await tx.save(PipelineRow, row);
  if (!row.champion) await considerSignal(tx, row, { cause: 'first-version', diagnosis: null, changePoint: null, incident: null });
}
