import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Artifact, ColumnDefinition } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { Settings } from '@millrace/runtime';
import { DeltaTable, DuckDb, openObjectStore, parquetOfVectors, putContent } from '@millrace/storage';
import type { ColumnVectors, DeltaSnapshot, ObjectStore, TableStatistics } from '@millrace/storage';
import { projectOf, tableKeyOf } from '../data-set-names.js';
import { segmentColumnsOf } from '../segment-columns.js';
import type { MadeCommit } from '../use-cases/complete-publication.js';
import type { PublicationRow } from '../store/publication.row.js';
import type { SegmentRow } from '../store/segment.row.js';

/** The data sets' tables in the object store: segment files, and the commits that make versions of them. */
@Injectable()
export class DataSetTables implements OnApplicationShutdown {
  readonly store: ObjectStore;
  private readonly tables = new Map<string, DeltaTable>();
  private opened: Promise<DuckDb> | undefined;

  constructor(@Inject(Settings) private readonly settings: Settings<'ingestion'>) {
    const { objectStoreUrl, s3AccessKey, s3SecretKey } = settings;
    if (!objectStoreUrl) throw new MillraceError('invalid-settings', 'MILLRACE_OBJECT_STORE_URL is required by ingestion');
    this.store = openObjectStore(objectStoreUrl, { ...(s3AccessKey ? { accessKey: s3AccessKey } : {}), ...(s3SecretKey ? { secretKey: s3SecretKey } : {}) });
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.opened)?.close();
  }

  duckDb(): Promise<DuckDb> {
    this.opened ??= DuckDb.open({ memoryLimitMegabytes: this.settings.duckDbMegabytes });
    return this.opened;
  }

  urlOf(dataSet: string): string {
    return this.store.urlOf(tableKeyOf(dataSet));
  }

  /** Writes rows, from one on, as one Parquet file below the data set's table, where it belongs to no version yet. */
  async writeSegment(dataSet: string, rows: ColumnVectors, firstRow: number): Promise<{ file: Artifact; statistics: TableStatistics }> {
    const { bytes, statistics } = await parquetOfVectors(rows, firstRow);
    return { file: await putContent(this.store, `${tableKeyOf(dataSet)}/segments`, bytes, '.parquet'), statistics };
  }

  /** Makes a publication's commit. Made once, however often it is tried: an append is known by the offsets in it, a revert by the files that are gone. */
  async commit(publication: PublicationRow, segments: readonly SegmentRow[], columns: readonly ColumnDefinition[]): Promise<MadeCommit> {
    const table = await this.tableOf(publication.dataSet, columns);
    if (publication.kind === 'append') await this.append(table, publication, segments);
    else await this.revert(table, publication);
    const snapshot = await table.snapshot();
    return { version: snapshot.version, totalRows: snapshot.rowCount, tableUrl: this.urlOf(publication.dataSet) };
  }

  private async append(table: DeltaTable, { dataSet, positions }: PublicationRow, segments: readonly SegmentRow[]): Promise<void> {
    await table.commit({
      operation: 'WRITE',
      parameters: { mode: 'Append', segments: segments.map((segment) => segment.segment).join(' ') },
      add: segments.flatMap(({ file, statistics }) => (file && statistics ? [{ ...file, statistics }] : [])),
      transactions: positions.map(({ partition, offset }) => ({ applicationId: `${dataSet}/${partition}`, version: offset })),
    });
  }

  private async revert(table: DeltaTable, { toVersion, reason }: PublicationRow): Promise<void> {
    const [now, then] = [await table.snapshot(), await table.snapshot(toVersion ?? 0)];
    const kept = new Set(then.files.map((file) => file.path));
    const remove = now.files.map((file) => file.path).filter((path) => !kept.has(path));
    if (remove.length > 0) await table.commit({ operation: 'RESTORE', parameters: { version: String(toVersion), reason: reason ?? '' }, remove });
  }

  private async tableOf(dataSet: string, columns: readonly ColumnDefinition[]): Promise<DeltaTable> {
    const known = this.tables.get(dataSet) ?? new DeltaTable(this.store, tableKeyOf(dataSet), await this.duckDb());
    this.tables.set(dataSet, known);
    const snapshot = await known.create(segmentColumnsOf(columns), { name: dataSet.replace('/', '.'), configuration: { 'millrace.project': projectOf(dataSet) } });
    const added = missingColumns(snapshot, columns);
    if (added.length > 0) await known.commit({ operation: 'ADD COLUMNS', addColumns: added });
    return known;
  }
}

function missingColumns(snapshot: DeltaSnapshot, columns: readonly ColumnDefinition[]) {
  const known = new Set(snapshot.columns.map((column) => column.name));
  return segmentColumnsOf(columns).filter((column) => !known.has(column.name));
}
