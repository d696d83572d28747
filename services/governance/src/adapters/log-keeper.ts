import { Settings, UnitOfWork, Workers, timerCause } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { CheckpointRow } from '../store/checkpoint.row.js';
import { publishCheckpoint } from '../use-cases/publish-checkpoint.js';
import { forgetAnsweredSteps, reportStalledCascades } from '../use-cases/report-stalled-cascades.js';
import { AuditReader, startAuditReader } from './audit-reader.js';
import { LogSigner } from './log-signer.js';

/** How often overdue steps are looked for. */
const STALL_INTERVAL_MS = 1_000;
/** Answered steps are kept this long, in case the event that asked comes late. */
const ANSWERS_KEPT_MS = 3_600_000;

/** The work that governance does by itself: reading, signing, looking for what does not move. */
@Injectable()
export class LogKeeper {
  constructor(
    private readonly work: UnitOfWork,
    private readonly signer: LogSigner,
    reader: AuditReader,
    workers: Workers,
    @Inject(Settings) settings: Settings<'governance'>,
  ) {
    startAuditReader(workers, reader);
    workers.add({ name: 'checkpoints', intervalMs: settings.checkpointIntervalMs, run: async () => void (await this.signNow()) });
    workers.add({ name: 'stalled-cascades', intervalMs: STALL_INTERVAL_MS, run: () => this.reportStalled() });
  }

  /** Signs the log as it stands; null when it is empty. */
  signNow(): Promise<CheckpointRow | null> {
    return this.work.run(this.cause(), (tx) => publishCheckpoint(tx, this.signer.signer));
  }

  private async reportStalled(): Promise<boolean> {
    return this.work.run(this.cause(), async (tx) => {
      await forgetAnsweredSteps(tx, ANSWERS_KEPT_MS);
      return reportStalledCascades(tx);
    });
  }

  private cause(): ReturnType<typeof timerCause> {
    return timerCause({ name: 'governance', project: 'default' });
  }
}
