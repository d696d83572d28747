import { setTimeout as delay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Logger } from '@millrace/runtime';
import type { OpenStretch } from './open-stretch.js';
import { newStretch, withoutBefore } from './open-stretch.js';

export interface IntakeOptions {
  /** Writes and stages a stretch; answers the first offset behind it. Throws `offset-conflict` when the position was moved by someone else. */
  stage(stretch: OpenStretch): Promise<void>;
  /** The position in the database. */
  position(): Promise<number>;
  limits: { rows: number; bytes: number; lagMs: number; ageMs: number };
  logger: Logger;
}

const LONGEST_DELAY_MS = 10_000;

/**
 * The open stretch of one partition in memory. It is closed by rows, bytes, silence or age, and staged while the next one fills; at most one is being
 * staged, so that memory stays bounded and stretches follow each other. What a killed process held is read again from the position in the database.
 */
export class PartitionIntake {
  private stretch: OpenStretch;
  private staging: Promise<void> = Promise.resolve();
  private stagedTo: number;
  private silence: NodeJS.Timeout | undefined;
  private age: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    position: number,
    private readonly options: IntakeOptions,
  ) {
    this.stretch = newStretch(position);
    this.stagedTo = position;
  }

  /** First offset that was not taken yet. */
  get nextOffset(): number {
    return this.stretch.nextOffset;
  }

  /** First offset that is not staged. */
  async settledOffset(): Promise<number> {
    await this.staging;
    return this.stagedTo;
  }

  /** Adds judged records to the open stretch; waits when the stretch before is still being staged and this one is full. */
  async take(fill: (stretch: OpenStretch) => void): Promise<void> {
    fill(this.stretch);
    const { rows, bytes, lagMs, ageMs } = this.options.limits;
    if (this.stretch.isEmpty) return;
    if (this.stretch.rows.length + this.stretch.refused.length >= rows || this.stretch.bytes >= bytes) return this.close();
    clearTimeout(this.silence);
    this.silence = setTimeout(() => void this.close(), lagMs);
    this.age ??= setTimeout(() => void this.close(), ageMs);
  }

  /** Closes the open stretch and waits until the one before it is staged. */
  async close(): Promise<void> {
    clearTimeout(this.silence);
    clearTimeout(this.age);
    this.age = undefined;
    const before = this.staging;
    const { stretch } = this;
    if (!stretch.isEmpty) {
      this.stretch = newStretch(stretch.nextOffset);
      this.staging = before.then(() => this.stage(stretch));
    }
    await before;
  }

  /** Stages what is open. Ends early, and leaves the rest to be read again, when the parts it needs are away. */
  async stop(): Promise<void> {
    await this.close();
    this.isStopped = true;
    await this.staging;
  }

  private async stage(closed: OpenStretch): Promise<void> {
    let stretch = closed;
    for (let attempt = 0; !stretch.isEmpty; attempt += 1) {
      try {
        await this.options.stage(stretch);
        this.stagedTo = stretch.nextOffset;
        return;
      } catch (error) {
        if (error instanceof MillraceError && error.code === 'offset-conflict') {
          stretch = withoutBefore(stretch, await this.options.position().catch(() => stretch.fromOffset));
          this.stagedTo = stretch.fromOffset;
        } else if (this.isStopped) return;
        this.options.logger.warn({ err: error, attempt, fromOffset: stretch.fromOffset }, 'a segment could not be staged and is tried again');
        await delay(Math.min(LONGEST_DELAY_MS, 200 * 2 ** attempt));
      }
    }
  }
}
