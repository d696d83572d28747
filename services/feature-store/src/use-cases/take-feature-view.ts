import type { PipelineApplied } from '@millrace/contracts';
import { haveSameFeatureView } from '@millrace/decisions';
import type { Tx } from '@millrace/runtime';
import { FeatureViewRow } from '../store/feature-view.row.js';
import { checkPart } from './check-part.js';

/** Stores the view of a pipeline version that was applied, and answers whether feature-store can do its part. */
export async function takeFeatureView(tx: Tx, { pipeline, version, definition }: PipelineApplied): Promise<void> {
  const because = checkPart(definition);
  const isReady = because.every((finding) => finding.passed);
  if (isReady) {
    const active = await tx.find(FeatureViewRow, { pipeline, state: 'active' });
    const viewVersion = active && haveSameFeatureView(active.definition, definition) ? active.viewVersion : version;
    await tx.save(FeatureViewRow, { pipeline, version, viewVersion, definition, state: 'applied' });
  }
  tx.emit(isReady ? 'millrace.feature-store.pipeline-part.ready.v1' : 'millrace.feature-store.pipeline-part.refused.v1', { pipeline, version, because });
}
