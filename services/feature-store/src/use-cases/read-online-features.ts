import type { OnlineFeatureRow, Pipeline } from '@millrace/contracts';
import { aggregateReads, instantMsOf, mergeTiles, spineOf, tileSeriesOf, transformRow } from '@millrace/decisions';
import type { AggregateRead } from '@millrace/decisions';
import type { ReadTx } from '@millrace/runtime';
import { readTiles } from '../store/tile-store.js';

type OnlineRecord = Record<string, unknown>;

/** Features of records as they stood at a time: `asOf` for all, else each record's event time, else now. */
export async function readOnlineFeatures(tx: ReadTx, definition: Pipeline, records: readonly OnlineRecord[], asOf: string | undefined): Promise<OnlineFeatureRow[]> {
  const { eventTimeColumn } = spineOf(definition);
  const asked = records.map((record) => ({ record, atMs: instantMsOf(asOf ?? record[eventTimeColumn]) ?? tx.now.getTime() }));
  const reads = asked.map(({ record, atMs }) => aggregateReads(definition, record, atMs));
  const tiles = await readTiles(tx, reads.flat().map((read) => ({ series: tileSeriesOf(read.feature), entity: read.entity ?? '', fromMs: read.fromMs, toMs: read.toMs })));
  let next = 0;
  const valueOf = (read: AggregateRead): [string, number | null] => {
    const own = tiles[next++] ?? [];
    return [read.feature.name, mergeTiles(read.entity === undefined ? [] : own, read.fromMs, read.toMs, read.feature.aggregate)];
  };
  return asked.map(({ record, atMs }, index) => {
    const aggregates = Object.fromEntries((reads[index] ?? []).map(valueOf));
    const rowFeatures = transformRow(definition, record);
    const features = Object.fromEntries(definition.features.map(({ name }) => [name, aggregates[name] ?? rowFeatures[name] ?? null]));
    return { asOf: new Date(atMs).toISOString(), features };
  });
}
