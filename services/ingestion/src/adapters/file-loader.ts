import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { Logger, RecordProducer, timerCause, UnitOfWork, Workers } from '@millrace/runtime';
import type { Worker } from '@millrace/runtime';
import { dataTopicOf, projectOf } from '../data-set-names.js';
import type { ActiveDataSet } from '../store/data-set.row.js';
import type { FileLoadRow } from '../store/file-load.row.js';
import { activeDataSet, nextFile, reportFile } from '../use-cases/load-file.js';
import { DataSetTables } from './data-set-tables.js';
import { readFileRows } from './read-file-rows.js';
import type { FileRow } from './read-file-rows.js';

const INTERVAL_MS = 10_000;

/** Sends the rows of received files to their data set's topic, one file after another, and goes on after a restart where it stood. A portion sent twice is known by its row numbers. */
@Injectable()
export class FileLoader {
  private readonly worker: Worker;

  constructor(
    private readonly work: UnitOfWork,
    private readonly tables: DataSetTables,
    private readonly producer: RecordProducer,
    @Inject(Logger) private readonly logger: Logger,
    workers: Workers,
  ) {
    this.worker = workers.add({ name: 'file-loader', intervalMs: INTERVAL_MS, run: () => this.loadNext() });
  }

  /** A file was received. */
  wake(): void {
    this.worker.wake();
  }

  private async loadNext(): Promise<boolean> {
    const file = await this.work.read((tx) => nextFile(tx));
    if (!file) return false;
    try {
      await this.load(file);
    } catch (error) {
      if (!isFlawOfFile(error)) throw error;
      this.logger.warn({ err: error, file: file.file }, 'a file cannot be loaded');
      await this.report(file, { state: 'failed', rowsDone: file.rowsDone, problem: error.detail });
    }
    return true;
  }

  private async load(file: FileLoadRow): Promise<void> {
    const dataSet = await this.work.read((tx) => activeDataSet(tx, file.dataSet));
    const path = await this.tables.store.localPath(file.url, { sizeBytes: Number(file.sizeBytes) });
    let { rowsDone } = file;
    for await (const portion of readFileRows(await this.tables.duckDb(), { path, format: file.format, dataSet: dataSet.definition, skipRows: rowsDone })) {
      await this.send(dataSet, file, portion, rowsDone);
      rowsDone += portion.length;
      await this.report(file, { state: 'loading', rowsDone, problem: null });
    }
    await this.report(file, { state: 'done', rowsDone, problem: null });
    this.logger.info({ file: file.file, dataSet: file.dataSet, rows: rowsDone }, 'a file was loaded');
  }

  private async send(dataSet: ActiveDataSet, { file }: FileLoadRow, portion: readonly FileRow[], rowsBefore: number): Promise<void> {
    const records = portion.map(({ key, value }, index) => ({ key, value, headers: { 'mr-file': file, 'mr-row': String(rowsBefore + index + 1) } }));
    await this.producer.send(dataTopicOf(dataSet.dataSet), records);
  }

  private async report(file: FileLoadRow, progress: Pick<FileLoadRow, 'state' | 'rowsDone' | 'problem'>): Promise<void> {
    await this.work.run(timerCause({ name: 'ingestion', project: projectOf(file.dataSet) }), (tx) => reportFile(tx, file.file, progress));
    Object.assign(file, progress);
  }
}

/** Whether trying again cannot help. */
function isFlawOfFile(error: unknown): error is MillraceError {
  return error instanceof MillraceError && (error.kind === 'invalid' || error.code === 'query-failed' || error.code === 'object-not-found');
}
