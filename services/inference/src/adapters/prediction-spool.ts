import { mkdir, open, readFile, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import type { PredictionRecord } from './prediction-log.js';

/** A record of the prediction log with the pipeline whose log it belongs to. */
export interface SpooledRecord {
  pipeline: string;
  record: PredictionRecord;
}

interface Append {
  lines: string;
  count: number;
  done: PromiseWithResolvers<void>;
}

/** A file is closed at this size, so that what was sent can be removed. */
const FILE_BYTES = 8 * 2 ** 20;
/** Beyond this durable predictions are refused: the disk is not Kafka's stand-in for ever. */
const MOST_BYTES = 2 ** 30;
const FOLDER = 'predictions';
const SUFFIX = '.ndjson';

/**
 * Durable predictions that were answered while Kafka was away: on disk before the answer goes out, sent later in their order, also by the next process in the same directory.
 * Appends that come together share one flush.
 */
export class PredictionSpool {
  count = 0;
  private readonly folder: string | undefined;
  /** Files with records, oldest first; the last may still grow. */
  private files: { path: string; bytes: number; count: number }[] = [];
  private growing: FileHandle | undefined;
  private made = 0;
  private readonly queue: Append[] = [];
  private writing: Promise<void> | undefined;

  /** @param process names this process; a file bears the process and its id, so that files of the dead are told from those of the living */
  constructor(
    directory: string | undefined,
    private readonly process: string,
  ) {
    this.folder = directory === undefined ? undefined : join(directory, FOLDER);
  }

  /** False without a directory: then nothing can be kept. */
  get isKept(): boolean {
    return this.folder !== undefined;
  }

  /** Takes over what processes that have ended left behind. */
  async adopt(): Promise<void> {
    if (this.folder === undefined) return;
    await mkdir(this.folder, { recursive: true });
    for (const name of (await readdir(this.folder)).filter((file) => file.endsWith(SUFFIX) && !isOfTheLiving(file)).sort()) {
      const path = join(this.folder, name);
      const content = await readFile(path);
      const count = recordsOf(content).length;
      this.files.push({ path, bytes: content.length, count });
      this.count += count;
    }
  }

  /** Resolves when the records are on disk. Errors: `kafka-unavailable` when there is no directory, or no more room for them. */
  append(pipeline: string, records: readonly PredictionRecord[]): Promise<void> {
    if (this.folder === undefined || this.bytes > MOST_BYTES) return Promise.reject(new MillraceError('kafka-unavailable', this.folder === undefined ? 'Kafka is away, and there is no directory to keep durable predictions in' : 'Kafka is away, and the room for durable predictions is full'));
    const done = Promise.withResolvers<void>();
    this.queue.push({ lines: records.map((record) => `${JSON.stringify({ pipeline, record })}\n`).join(''), count: records.length, done });
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
    });
    return done.promise;
  }

  /** Hands the records over, file by file in their order; a file goes when `send` has resolved for it. A failure of `send` is thrown, and the rest stays. */
  async drain(send: (records: SpooledRecord[]) => Promise<void>): Promise<void> {
    while (this.count > 0) {
      await this.writing;
      await this.close();
      const [oldest] = this.files;
      if (!oldest) return;
      await send(recordsOf(await readFile(oldest.path)));
      await rm(oldest.path, { force: true });
      this.files.shift();
      this.count -= oldest.count;
    }
  }

  /** What is there stays on disk for the next process. */
  async stop(): Promise<void> {
    await this.writing;
    await this.close();
  }

  private get bytes(): number {
    return this.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private async writeAll(): Promise<void> {
    while (this.queue.length > 0) {
      const together = this.queue.splice(0);
      try {
        await this.write(together.map(({ lines }) => lines).join(''), together.reduce((sum, { count }) => sum + count, 0));
        for (const { done } of together) done.resolve();
      } catch (error) {
        for (const { done } of together) done.reject(new MillraceError('kafka-unavailable', 'Kafka is away, and durable predictions cannot be written to disk', { cause: error }));
      }
    }
  }

  private async write(lines: string, count: number): Promise<void> {
    const file = (this.growing ??= await this.openNext());
    const { bytesWritten } = await file.write(lines);
    await file.datasync();
    const current = this.files.at(-1);
    if (!current) return;
    current.bytes += bytesWritten;
    current.count += count;
    this.count += count;
    if (current.bytes >= FILE_BYTES) await this.close();
  }

  private async openNext(): Promise<FileHandle> {
    this.made += 1;
    const path = join(this.folder ?? '', `${this.process}.${process.pid}.${String(this.made).padStart(6, '0')}${SUFFIX}`);
    const file = await open(path, 'a');
    this.files.push({ path, bytes: 0, count: 0 });
    return file;
  }

  private async close(): Promise<void> {
    const file = this.growing;
    this.growing = undefined;
    await file?.close();
  }
}

/** Whole lines alone: what a killed process was about to write was not answered. */
function recordsOf(content: Buffer): SpooledRecord[] {
  return content.toString('utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as SpooledRecord);
}

/** `inference-1a2b3c.4711.000001.ndjson`: the process id is this one's when a container's first process comes again. */
function isOfTheLiving(name: string): boolean {
  const id = Number(name.split('.')[1]);
  if (!Number.isInteger(id) || id === process.pid) return false;
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
