import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { Settings, timerCause, UnitOfWork, Workers } from '@millrace/runtime';
import type { Worker } from '@millrace/runtime';
import { DuckDb, openObjectStore } from '@millrace/storage';
import type { ObjectStore } from '@millrace/storage';
import { judgeAnnouncedSegment, openVerdicts } from '../use-cases/judge-announced-segment.js';
import type { OpenVerdict } from '../use-cases/judge-announced-segment.js';
import { profileSegment } from './profile-segment.js';
import type { ScannedSegment } from './profile-segment.js';

const INTERVAL_MS = 10_000;

/** Scans announced segments outside of any transaction and has them judged. */
@Injectable()
export class SegmentJudge implements OnApplicationShutdown {
  private readonly worker: Worker;
  private readonly store: ObjectStore;
  private opened: Promise<DuckDb> | undefined;

  constructor(
    private readonly work: UnitOfWork,
    @Inject(Settings) private readonly settings: Settings<'validation'>,
    workers: Workers,
  ) {
    const { objectStoreUrl, s3AccessKey, s3SecretKey } = settings;
    if (!objectStoreUrl) throw new MillraceError('invalid-settings', 'MILLRACE_OBJECT_STORE_URL is required by validation');
    this.store = openObjectStore(objectStoreUrl, { ...(s3AccessKey ? { accessKey: s3AccessKey } : {}), ...(s3SecretKey ? { secretKey: s3SecretKey } : {}) });
    this.worker = workers.add({ name: 'segment-judge', intervalMs: INTERVAL_MS, run: () => this.judgeOpen() });
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.opened)?.close();
  }

  /** A segment was announced. */
  wake(): void {
    this.worker.wake();
  }

  private async judgeOpen(): Promise<boolean> {
    const open = await this.work.read((tx) => openVerdicts(tx));
    const failures: unknown[] = [];
    for (const one of open) await this.judge(one).catch((error: unknown) => failures.push(error));
    // The others are judged; the worker tries again what failed.
    if (failures.length > 0) throw failures[0];
    return open.length > 0;
  }

  private async judge({ verdict, suite }: OpenVerdict): Promise<void> {
    const measures = await this.scan({ verdict, suite });
    await this.work.run(timerCause({ name: 'validation', ...verdict.cascade }), (tx) => judgeAnnouncedSegment(tx, verdict.segment, measures, suite.definition.segmentChecks));
  }

  private async scan({ verdict: { file, rows }, suite }: OpenVerdict): Promise<ScannedSegment> {
    if (!file || rows === 0) return { profile: { rows: 0, columns: {} }, duplicateShares: {} };
    this.opened ??= DuckDb.open({ memoryLimitMegabytes: this.settings.duckDbMegabytes });
    const path = await this.store.localPath(file.url, file);
    const duplicatesOf = suite.definition.segmentChecks.flatMap((check) => (check.measure === 'duplicateShare' && check.column !== null ? [check.column] : []));
    return profileSegment(await this.opened, path, suite.definition.columns, rows, duplicatesOf);
  }
}
