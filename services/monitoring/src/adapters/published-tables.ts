import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Artifact } from '@millrace/contracts';
import { MillraceError } from '@millrace/contracts';
import { Settings } from '@millrace/runtime';
import { DeltaTable, DuckDb, openObjectStore, pruneFiles, relationOf } from '@millrace/storage';
import type { ColumnRange, ObjectStore } from '@millrace/storage';

/** Read access to the data sets' Delta tables and to other objects, by one DuckDB. */
@Injectable()
export class PublishedTables implements OnApplicationShutdown {
  private readonly store: ObjectStore;
  private readonly tables = new Map<string, DeltaTable>();
  private opened: Promise<DuckDb> | undefined;

  constructor(@Inject(Settings) private readonly settings: Settings<'monitoring'>) {
    const { objectStoreUrl, s3AccessKey, s3SecretKey } = settings;
    if (!objectStoreUrl) throw new MillraceError('invalid-settings', 'MILLRACE_OBJECT_STORE_URL is required by monitoring');
    this.store = openObjectStore(objectStoreUrl, { ...(s3AccessKey ? { accessKey: s3AccessKey } : {}), ...(s3SecretKey ? { secretKey: s3SecretKey } : {}) });
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.opened)?.close();
  }

  /** A subquery over the newest version of a table, without the files that hold none of the rows wanted. */
  async relation(tableUrl: string, ranges: readonly ColumnRange[]): Promise<string> {
    const snapshot = await (await this.tableOf(tableUrl)).snapshot();
    const files = pruneFiles(snapshot.files, ranges);
    const paths = await Promise.all(files.map(({ url, sha256, sizeBytes }) => this.store.localPath(url, sha256 === null ? { sizeBytes } : { sha256, sizeBytes })));
    return relationOf(snapshot.columns, paths);
  }

  /** A local path of an object, its digest checked. */
  pathOf(file: Artifact): Promise<string> {
    return this.store.localPath(file.url, file);
  }

  /** Local paths of the newest version's files; none without a table. */
  async paths(tableUrl: string | null): Promise<string[]> {
    if (tableUrl === null) return [];
    const { files } = await (await this.tableOf(tableUrl)).snapshot();
    return Promise.all(files.map(({ url, sha256, sizeBytes }) => this.store.localPath(url, sha256 === null ? { sizeBytes } : { sha256, sizeBytes })));
  }

  async query<T extends object>(sql: string): Promise<T[]> {
    return (await this.duckDb()).query<T>(sql);
  }

  /** Rows in portions: memory stays flat for results of any size. */
  async *stream<T extends object>(sql: string): AsyncGenerator<T[]> {
    yield* (await this.duckDb()).stream<T>(sql);
  }

  private async tableOf(tableUrl: string): Promise<DeltaTable> {
    const key = this.store.keyOf(tableUrl);
    const table = this.tables.get(key) ?? new DeltaTable(this.store, key, await this.duckDb());
    this.tables.set(key, table);
    return table;
  }

  private duckDb(): Promise<DuckDb> {
    this.opened ??= DuckDb.open({ memoryLimitMegabytes: this.settings.duckDbMegabytes });
    return this.opened;
  }
}
