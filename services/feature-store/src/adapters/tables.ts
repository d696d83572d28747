import { MillraceError } from '@millrace/contracts';
import type { Settings } from '@millrace/runtime';
import { DeltaTable, DuckDb, openObjectStore } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import type { OnModuleDestroy } from '@nestjs/common';

/** Where data sets lie and what reads them. */
export class Tables implements OnModuleDestroy {
  private constructor(
    readonly store: ObjectStore,
    readonly duckDb: DuckDb,
  ) {}

  /** Errors: `invalid-settings` without an object store. */
  static async open({ objectStoreUrl, s3AccessKey, s3SecretKey }: Settings<'feature-store'>): Promise<Tables> {
    if (objectStoreUrl === undefined) throw new MillraceError('invalid-settings', 'MILLRACE_OBJECT_STORE_URL is missing: feature-store reads data sets from there');
    const access = { ...(s3AccessKey === undefined ? {} : { accessKey: s3AccessKey }), ...(s3SecretKey === undefined ? {} : { secretKey: s3SecretKey }) };
    return new Tables(openObjectStore(objectStoreUrl, access), await DuckDb.open({ memoryLimitMegabytes: 1024, threads: 2 }));
  }

  /** Local paths of the Parquet files of a published version. */
  async pathsOf({ tableUrl, version }: { tableUrl: string; version: number }): Promise<string[]> {
    const snapshot = await new DeltaTable(this.store, this.store.keyOf(tableUrl), this.duckDb).snapshot(version);
    return Promise.all(snapshot.files.map((file) => this.store.localPath(file.url, file.sha256 === null ? {} : { sha256: file.sha256, sizeBytes: file.sizeBytes })));
  }

  onModuleDestroy(): Promise<void> {
    return this.duckDb.close();
  }
}
