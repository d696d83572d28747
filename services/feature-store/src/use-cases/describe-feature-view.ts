import type { FeatureView } from '@millrace/contracts';
import type { ReadTx } from '@millrace/runtime';
import { FeatureViewRow, viewRefOf } from '../store/feature-view.row.js';
import { SourcePositionRow } from '../store/source-position.row.js';
import { StagedSegmentRow } from '../store/staged-segment.row.js';

/** The view of the active version of a pipeline. Errors: `feature-view-not-found`. */
export function activeView(tx: ReadTx, pipeline: string): Promise<FeatureViewRow> {
  return tx.get(FeatureViewRow, { pipeline, state: 'active' }, 'feature-view-not-found');
}

/** The view and how far its online values are. */
export async function describeFeatureView(tx: ReadTx, pipeline: string): Promise<FeatureView> {
  const view = await activeView(tx, pipeline);
  const dataSets = [...new Set(view.definition.features.flatMap((feature) => (feature.kind === 'aggregate' ? [feature.dataSet] : [])))];
  const sources = await Promise.all(dataSets.map((dataSet) => describeSource(tx, dataSet)));
  return { featureView: viewRefOf(view), features: view.definition.features, sources };
}

async function describeSource(tx: ReadTx, dataSet: string): Promise<FeatureView['sources'][number]> {
  const positions = await tx.findMany(SourcePositionRow, { where: { dataSet }, order: { partition: 'ASC' } });
  const suspects = await tx.findMany(StagedSegmentRow, { where: { dataSet, state: 'suspect' }, order: { segment: 'ASC' } });
  return {
    dataSet,
    watermark: positions.length === 0 ? null : new Date(Math.max(...positions.map((position) => position.watermarkMs))).toISOString(),
    offsets: positions.map(({ partition, sourceOffset }) => ({ partition, offset: sourceOffset })),
    suspectSegments: suspects.map(({ segment }) => segment),
  };
}
