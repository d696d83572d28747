import type { PipelineActivated } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { FeatureViewRow } from '../store/feature-view.row.js';

/** Makes a pipeline version the one whose features are computed from now on; the one before stays materialised. */
export async function activateFeatureView(tx: Tx, { pipeline, version }: PipelineActivated, wakeLanes: () => void): Promise<void> {
  const row = await tx.lock(FeatureViewRow, { pipeline, version }, 'pipeline-version-not-found');
  const active = await tx.lockOrNull(FeatureViewRow, { pipeline, state: 'active' });
  if (active && active.version >= version) return;
  if (active) await tx.save(FeatureViewRow, { ...active, state: 'superseded' });
  await tx.save(FeatureViewRow, { ...row, state: 'active' });
  tx.afterCommit(wakeLanes);
}
