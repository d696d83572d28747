import { MillraceError } from '@millrace/contracts';
import type { PublishedSegment } from '@millrace/contracts';
import { Settings } from '@millrace/runtime';
import { DuckDb, openObjectStore, sqlLiteral } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import { Inject, Injectable } from '@nestjs/common';
import type { LoggedPrediction } from '../use-cases/trace-prediction.js';

interface PredictionRow {
  filename: string;
  model_version: number | bigint;
  [column: string]: unknown;
}

/** Reads single predictions from the Parquet files of the prediction log. */
@Injectable()
export class PredictionLog {
  constructor(@Inject(Settings) private readonly settings: Settings<'governance'>) {}

  /** The prediction as it was answered; null when no segment holds it. */
  async find(segments: readonly PublishedSegment[], predictionId: string): Promise<LoggedPrediction | null> {
    const store = this.store();
    const paths = new Map<string, string>();
    for (const { segment, file } of segments) if (file) paths.set(await store.localPath(file.url, file), segment);
    if (paths.size === 0) return null;
    const [row] = await this.rowsOf([...paths.keys()], predictionId);
    if (!row) return null;
    const { filename, ...columns } = row;
    return { segment: paths.get(filename) ?? filename, modelVersion: Number(columns['model_version']), facts: factsOf(columns) };
  }

  private async rowsOf(paths: readonly string[], predictionId: string): Promise<PredictionRow[]> {
    const duckDb = await DuckDb.open({ memoryLimitMegabytes: 128 });
    try {
      // A shadow answers under the same id; the row that was served is the prediction.
      const sql = `SELECT * FROM read_parquet(${sqlLiteral(paths)}, union_by_name = true, filename = true) WHERE prediction_id = ? ORDER BY served DESC LIMIT 1`;
      return await duckDb.query<PredictionRow>(sql, [predictionId]);
    } finally {
      await duckDb.close();
    }
  }

  private store(): ObjectStore {
    const { objectStoreUrl, s3AccessKey, s3SecretKey } = this.settings;
    if (!objectStoreUrl) throw new MillraceError('object-store-unavailable', 'No object store is set (MILLRACE_OBJECT_STORE_URL)');
    return openObjectStore(objectStoreUrl, { ...(s3AccessKey !== undefined && { accessKey: s3AccessKey }), ...(s3SecretKey !== undefined && { secretKey: s3SecretKey }) });
  }
}

function factsOf(columns: Readonly<Record<string, unknown>>): LoggedPrediction['facts'] {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, factOf(value)]));
}

function factOf(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
