import { Settings, UnitOfWork, Workers, timerCause } from '@millrace/runtime';
import type { Worker } from '@millrace/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { CheckpointRow } from '../store/checkpoint.row.js';
import { findOverdueSteps } from '../use-cases/find-overdue-steps.js';
import { forgetAnsweredSteps } from '../use-cases/forget-answered-steps.js';
import { publishCheckpoint } from '../use-cases/publish-checkpoint.js';
import { reportStalledCascade } from '../use-cases/report-stalled-cascade.js';
import { AuditReader } from './audit-reader.js';
import { LogSigner } from './log-signer.js';
import { MissingAnswer } from './missing-answer.js';

/** A reader that could not begin (Kafka away) tries again at the latest after this. */
const READER_RETRY_MS = 30_000;
/** A safety net: growth wakes the signer. */
const SIGN_AT_LATEST_MS = 30_000;
const HOUSEKEEPING_MS = 300_000;
/** Answered steps are kept this long, in case the event that asked comes late. */
const ANSWERS_KEPT_MS = 3_600_000;

/** What governance does by itself: reading topics, signing what was read, looking for what does not move. It rests while nothing happens. */
@Injectable()
export class LogKeeper {
  readonly #signing: Worker;
  #soon: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: UnitOfWork,
    private readonly signer: LogSigner,
    private readonly missingAnswer: MissingAnswer,
    reader: AuditReader,
    workers: Workers,
    @Inject(Settings) private readonly settings: Settings<'governance'>,
  ) {
    workers.add({ name: 'audit-reader', intervalMs: READER_RETRY_MS, everyReplica: true, run: () => reader.start(() => this.#signSoon()) });
    this.#signing = workers.add({ name: 'checkpoints', intervalMs: SIGN_AT_LATEST_MS, run: async () => void (await this.signNow()) });
    // A step takes at least half of its time before it can be overdue unseen: the run before that says when to look again.
    workers.add({ name: 'stalled-cascades', intervalMs: settings.stepTimeMs / 2, run: () => this.#reportStalled() });
    workers.add({ name: 'answered-steps', intervalMs: HOUSEKEEPING_MS, run: () => this.work.run(this.#cause(), (tx) => forgetAnsweredSteps(tx, ANSWERS_KEPT_MS)) });
  }

  /** Signs the log as it stands; null when it is empty. */
  signNow(): Promise<CheckpointRow | null> {
    return this.work.run(this.#cause(), (tx) => publishCheckpoint(tx, this.signer.signer));
  }

  /** One checkpoint for all that comes within the interval. */
  #signSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#signing.wake();
    }, this.settings.checkpointIntervalMs).unref();
  }

  /** @returns milliseconds until the next step can be overdue */
  async #reportStalled(): Promise<number | void> {
    const { steps, nextInMs } = await this.work.read(findOverdueSteps);
    for (const step of steps) {
      const explained = step.eventId === null ? [] : await this.missingAnswer.explain(step.eventId, step.after);
      await this.work.run(this.#cause(), (tx) => reportStalledCascade(tx, step, explained));
    }
    return nextInMs ?? undefined;
  }

  #cause(): ReturnType<typeof timerCause> {
    return timerCause({ name: 'governance', project: 'default' });
  }
}
