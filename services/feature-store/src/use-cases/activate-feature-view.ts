import type { PipelineActivated } from '@millrace/contracts';
import type { Tx } from '@millrace/runtime';
import { FeatureViewRow } from '../store/feature-view.row.js';
import { requestRebuild } from './request-rebuild.js';
import { tileSources } from './tile-sources.js';

/** Makes a pipeline version the one whose features are computed from now on; the one before stays materialised. Tiles that are new are computed from what is there. */
export async function activateFeatureView(tx: Tx, { pipeline, version }: PipelineActivated, wake: () => void): Promise<void> {
  const before = await tileSources(tx);
  const row = await tx.lock(FeatureViewRow, { pipeline, version }, 'pipeline-version-not-found');
  const active = await tx.lockOrNull(FeatureViewRow, { pipeline, state: 'active' });
  if (active && active.version >= version) return;
  if (active) await tx.save(FeatureViewRow, { ...active, state: 'superseded' });
  await tx.save(FeatureViewRow, { ...row, state: 'active' });
  for (const [dataSet, { series }] of await tileSources(tx)) {
    const known = before.get(dataSet)?.series ?? [];
    const isNew = series.some(({ name }) => !known.some((one) => one.name === name));
    if (isNew) await requestRebuild(tx, dataSet, wake);
  }
  tx.afterCommit(wake);
}
