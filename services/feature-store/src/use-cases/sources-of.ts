import type { Pipeline } from '@millrace/contracts';
import { predictionDataSet } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { In } from 'typeorm';
import { SourceRow } from '../store/source.row.js';

/** The published data sets that a pipeline's features and label read. */
export function trainingSourcesOf(tx: ReadTx, { predict, label, features }: Pipeline): Promise<SourceRow[]> {
  const read = [predict.dataSet, label.dataSet, ...features.flatMap((feature) => (feature.kind === 'aggregate' ? [feature.dataSet] : []))];
  return tx.findMany(SourceRow, { where: { dataSet: In([...new Set(read)]) }, order: { dataSet: 'ASC' } });
}

/** The same and the prediction log. */
export async function sourcesOf(tx: ReadTx, definition: Pipeline): Promise<SourceRow[]> {
  const log = await tx.find(SourceRow, { dataSet: predictionDataSet(definition).id });
  return [...(await trainingSourcesOf(tx, definition)), ...(log ? [log] : [])];
}
