import type { AggregateFeature, DataSetDefinition } from '@millrace/contracts';
import { dataSetOf, tileSeriesOf } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { FeatureViewRow } from '../store/feature-view.row.js';

/** A data set that feeds tiles, with one feature for each of its series. */
export interface TileSource {
  dataSet: DataSetDefinition;
  series: { name: string; feature: AggregateFeature; longestWindowMs: number }[];
}

/** Every data set that feeds tiles, by id: those of active views and of the ones before, whose models may still be served. The newest definition of a data set holds. */
export async function tileSources(tx: ReadTx): Promise<Map<string, TileSource>> {
  const views = await tx.findMany(FeatureViewRow, { where: { state: In(['active', 'superseded']) }, order: { pipeline: 'ASC', version: 'DESC' } });
  const sources = new Map<string, TileSource>();
  for (const { definition } of views) {
    for (const feature of definition.features) if (feature.kind === 'aggregate') addSeries(sources, feature, dataSetOf(definition, feature.dataSet));
  }
  return sources;
}

function addSeries(sources: Map<string, TileSource>, feature: AggregateFeature, dataSet: DataSetDefinition): void {
  const source = sources.get(dataSet.id) ?? { dataSet, series: [] };
  sources.set(dataSet.id, source);
  const name = tileSeriesOf(feature);
  const known = source.series.find((series) => series.name === name);
  if (known) known.longestWindowMs = Math.max(known.longestWindowMs, feature.windowMs);
  else source.series.push({ name, feature, longestWindowMs: feature.windowMs });
}
