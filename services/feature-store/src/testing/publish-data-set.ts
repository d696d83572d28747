import { join } from 'node:path';
import type { DataSetDefinition, EventData } from '@millrace/contracts';
import { DeltaTable, DuckDb, openObjectStore, putContentOfFile, writeParquet } from '@millrace/storage';
import type { Column } from '@millrace/storage';
import type { TestEnvironment } from '@millrace/testing';

/** A record with its place in the data topic. */
export type PublishedRow = Record<string, unknown> & { _partition: number; _offset: number };

/** Writes rows as a new version of a data set's table, as ingestion does, and gives the event that says so. Times are milliseconds. */
export async function publishDataSet(environment: TestEnvironment, pipeline: string, dataSet: DataSetDefinition, rows: readonly PublishedRow[]): Promise<EventData['millrace.ingestion.data-set.version-published.v1']> {
  const store = openObjectStore(environment.objectStoreUrl);
  const duckDb = await DuckDb.open();
  const columns = columnsOf(dataSet);
  const table = new DeltaTable(store, `data-sets/${dataSet.id}`, duckDb);
  await table.create(columns);
  const path = join(environment.home, `${dataSet.name}-${rows.length}.parquet`);
  const { statistics } = await writeParquet(duckDb, path, columns, rows);
  const file = await putContentOfFile(store, `${table.key}/data`, path, '.parquet');
  const { version } = await table.commit({ operation: 'WRITE', add: [{ ...file, statistics }] });
  await duckDb.close();
  const watermark = new Date(Math.max(...rows.map((row) => Number(row[dataSet.knownAtColumn])))).toISOString();
  return {
    dataSet: dataSet.id, version, pipeline, kind: dataSet.id.endsWith('.predictions') ? 'predictions' : 'records', tableUrl: store.urlOf(table.key), rows: rows.length, totalRows: rows.length,
    rowsByDay: [], segments: [], removedSegments: [], minEventTime: null, maxEventTime: null, watermark, offsets: [{ partition: 0, offset: Math.max(...rows.map((row) => row._offset)) }],
  };
}

/** Writes rows as a segment that waits for its verdict, and gives the event that says so. */
export async function stageSegment(environment: TestEnvironment, segment: string, dataSet: DataSetDefinition, rows: readonly PublishedRow[]): Promise<EventData['millrace.ingestion.segment.staged.v1']> {
  const store = openObjectStore(environment.objectStoreUrl);
  const duckDb = await DuckDb.open();
  const path = join(environment.home, `${dataSet.name}-staged.parquet`);
  await writeParquet(duckDb, path, columnsOf(dataSet), rows);
  const file = await putContentOfFile(store, `data-sets/${dataSet.id}/data`, path, '.parquet');
  await duckDb.close();
  const offsets = rows.map((row) => row._offset);
  return {
    dataSet: dataSet.id, segment, partition: 0, fromOffset: Math.min(...offsets), toOffset: Math.max(...offsets), rows: rows.length, quarantined: 0, file, pipelineVersion: 1,
    minEventTime: null, maxEventTime: null, maxKnownAt: null,
  };
}

function columnsOf(dataSet: DataSetDefinition): Column[] {
  return [...dataSet.columns.map(({ name, type }) => ({ name, type })), { name: '_partition', type: 'long' }, { name: '_offset', type: 'long' }];
}
