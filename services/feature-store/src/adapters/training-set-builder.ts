import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact, Pipeline } from '@millrace/contracts';
import { planTrainingSet, trainingSetSql } from '@millrace/decisions';
import type { Stretch, TrainingSetWindows } from '@millrace/decisions';
import { digestOf, putContent, putContentOfFile, sqlLiteral } from '@millrace/storage';
import { seal } from './seal.js';
import type { Tables } from './tables.js';

/** Everything a training set depends on: the same order gives the same rows. */
export interface TrainingSetOrder {
  pipeline: Pipeline;
  /** Data sets that the pipeline reads, at the versions to read. */
  sources: readonly { dataSet: string; tableUrl: string; version: number }[];
  asOfMs: number;
  incidents: readonly Stretch[];
  /** The pinned hold-out; `isToSeal` when it has to be made again with the features of today. */
  reference: { window: Stretch; isToSeal: boolean } | null;
}

export interface SealedRows {
  window: Stretch;
  rows: number;
  /** Of the Parquet file before encryption. */
  sha256: string;
  url: string;
  key: Buffer;
}

export interface BuiltTrainingSet {
  windows: TrainingSetWindows;
  file: Artifact;
  rows: number;
  positives: number | null;
  recent: SealedRows;
  reference: SealedRows | null;
}

/** Builds training sets and seals hold-outs with DuckDB. */
export class TrainingSetBuilder {
  constructor(private readonly tables: Tables) {}

  /** Writes the training set and its hold-outs to the object store. Errors: `query-failed`, those of the store. */
  async build(order: TrainingSetOrder): Promise<BuiltTrainingSet> {
    const { pipeline, asOfMs, incidents, reference } = order;
    const windows = planTrainingSet(pipeline, asOfMs, incidents, reference?.window ?? null);
    const files = Object.fromEntries(await Promise.all(order.sources.map(async (source) => [source.dataSet, await this.tables.pathsOf(source)] as const)));
    const sqlOfWindow = (window: Stretch, excluded: readonly Stretch[]): string => trainingSetSql({ pipeline, files, asOfMs, window, excluded });
    const directory = await mkdtemp(join(tmpdir(), 'millrace-training-set-'));
    try {
      const trainingPath = join(directory, 'train.parquet');
      const { rowCount } = await this.tables.duckDb.copyToParquet(sqlOfWindow(windows.training, windows.excluded), trainingPath);
      const sealRows = (window: Stretch, name: string): Promise<SealedRows> => this.sealRows(pipeline, window, sqlOfWindow(window, incidents), join(directory, name));
      return {
        windows,
        file: await putContentOfFile(this.tables.store, `training-sets/${pipeline.id}`, trainingPath, '.parquet'),
        rows: rowCount,
        positives: pipeline.label.task === 'regression' ? null : await this.positivesOf(trainingPath),
        recent: await sealRows(windows.recent, 'recent.parquet'),
        reference: reference?.isToSeal ? await sealRows(reference.window, 'reference.parquet') : null,
      };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private async sealRows(pipeline: Pipeline, window: Stretch, sql: string, path: string): Promise<SealedRows> {
    const { rowCount } = await this.tables.duckDb.copyToParquet(sql, path);
    const bytes = await readFile(path);
    const { sealed, key } = seal(bytes);
    const { url } = await putContent(this.tables.store, `hold-outs/${pipeline.id}`, sealed, '.sealed');
    return { window, rows: rowCount, sha256: digestOf(bytes).sha256, url, key };
  }

  private async positivesOf(path: string): Promise<number> {
    const [counted] = await this.tables.duckDb.query<{ positives: number }>(`SELECT count(*) FILTER (_label = 1) AS positives FROM read_parquet(${sqlLiteral(path)})`);
    return counted?.positives ?? 0;
  }
}
