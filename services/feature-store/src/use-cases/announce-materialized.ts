import { timerCause } from '@millrace/runtime';
import type { Tx, UnitOfWork } from '@millrace/runtime';
import { FeatureViewRow, viewRefOf } from '../store/feature-view.row.js';
import { SourcePositionRow } from '../store/source-position.row.js';

/** Emits `feature-view.materialized` for each view whose online values have moved since the last time. True when something moved. */
export async function announceMaterialized(work: UnitOfWork): Promise<boolean> {
  const moved = await work.read((tx) => tx.query<{ data_set: string }>('select distinct data_set from source_positions where source_offset > announced_offset'));
  for (const { data_set: dataSet } of moved) {
    await work.run(timerCause({ name: 'feature-store', project: dataSet.split('/')[0] ?? '' }), (tx) => announceDataSet(tx, dataSet));
  }
  return moved.length > 0;
}

async function announceDataSet(tx: Tx, dataSet: string): Promise<void> {
  const positions = await tx.lockMany(SourcePositionRow, { where: { dataSet }, order: { partition: 'ASC' } });
  const values = positions.reduce((sum, position) => sum + position.changedValues, 0);
  const watermarkMs = Math.max(...positions.map((position) => position.watermarkMs));
  const views = await tx.findMany(FeatureViewRow, { where: { state: 'active' } });
  for (const view of views) {
    if (!view.definition.features.some((feature) => feature.kind === 'aggregate' && feature.dataSet === dataSet)) continue;
    tx.emit(
      'millrace.feature-store.feature-view.materialized.v1',
      {
        pipeline: view.pipeline,
        featureView: viewRefOf(view),
        dataSet,
        watermark: new Date(watermarkMs).toISOString(),
        offsets: positions.map(({ partition, sourceOffset }) => ({ partition, offset: sourceOffset })),
        values,
      },
      { pipelineVersion: view.version },
    );
  }
  await tx.save(SourcePositionRow, positions.map((position) => ({ ...position, announcedOffset: position.sourceOffset, changedValues: 0 })));
}
