import { join } from 'node:path';
import type { Artifact, DataSetDefinition, EventData } from '@millrace/contracts';
import { DeltaTable, DuckDb, openObjectStore, putContentOfFile, writeParquet } from '@millrace/storage';
import type { Column } from '@millrace/storage';
import type { TestEnvironment } from '@millrace/testing';

type Published = EventData['millrace.ingestion.data-set.version-published.v1'];

/** Writes rows of data sets as ingestion and feature-store do. Times are milliseconds. */
export class PublishedDays {
  private written = 0;

  constructor(
    private readonly environment: TestEnvironment,
    private readonly duckDb: DuckDb,
  ) {}

  static async open(environment: TestEnvironment): Promise<PublishedDays> {
    return new PublishedDays(environment, await DuckDb.open());
  }

  close(): Promise<void> {
    return this.duckDb.close();
  }

  /** Adds rows to a data set's table; the event that says so. */
  async publish(pipeline: string, dataSet: DataSetDefinition, rows: readonly Record<string, unknown>[], watermarkMs: number): Promise<Published> {
    const store = openObjectStore(this.environment.objectStoreUrl);
    const columns = [...dataSet.columns.map(({ name, type }) => ({ name, type })), { name: '_partition', type: 'long' as const }, { name: '_offset', type: 'long' as const }];
    const table = new DeltaTable(store, `data-sets/${dataSet.id}`, this.duckDb);
    await table.create(columns);
    const numbered = rows.map((row, index) => ({ ...row, _partition: 0, _offset: this.written + index }));
    const { path, statistics } = await this.write(columns, numbered);
    const file = await putContentOfFile(store, `${table.key}/data`, path, '.parquet');
    const { version } = await table.commit({ operation: 'WRITE', add: [{ ...file, statistics }] });
    const times = rows.map((row) => Number(row[dataSet.eventTimeColumn]));
    return {
      dataSet: dataSet.id,
      version,
      pipeline,
      kind: dataSet.id.endsWith('.predictions') ? 'predictions' : 'records',
      tableUrl: store.urlOf(table.key),
      rows: rows.length,
      totalRows: rows.length,
      rowsByDay: [],
      segments: [],
      removedSegments: [],
      minEventTime: new Date(Math.min(...times)).toISOString(),
      maxEventTime: new Date(Math.max(...times)).toISOString(),
      watermark: new Date(watermarkMs).toISOString(),
      offsets: [],
    };
  }

  /** Stores rows as one Parquet object. */
  async store(columns: readonly Column[], rows: readonly Record<string, unknown>[]): Promise<Artifact> {
    const { path } = await this.write(columns, rows);
    return putContentOfFile(openObjectStore(this.environment.objectStoreUrl), 'training-sets', path, '.parquet');
  }

  private async write(columns: readonly Column[], rows: readonly Record<string, unknown>[]): ReturnType<typeof writeParquet> {
    this.written += rows.length;
    return writeParquet(this.duckDb, join(this.environment.home, `rows-${this.written}.parquet`), columns, rows);
  }
}
