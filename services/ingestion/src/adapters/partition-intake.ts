import { setTimeout as delay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Logger } from '@millrace/runtime';
import type { IntakeBudget } from './intake-budget.js';
import type { OpenStretch } from './open-stretch.js';

export interface IntakeOptions {
  newStretch(fromOffset: number, spare: OpenStretch | null): OpenStretch;
  /** Writes and stages a stretch. Throws `offset-conflict` when the position was moved by someone else. */
  stage(stretch: OpenStretch): Promise<void>;
  /** The position in the database. */
  position(): Promise<number>;
  limits: { rows: number; bytes: number; lagMs: number; ageMs: number };
  /** Shared by all partitions of the process. */
  budget: IntakeBudget;
  logger: Logger;
}

const LONGEST_DELAY_MS = 10_000;

/**
 * The open stretch of one partition in memory. It is closed by rows, bytes, silence, age, or because the process holds enough, and staged while the next one
 * fills; at most one is being staged, so that memory stays bounded and stretches follow each other. What a killed process held is read again from the
 * position in the database.
 */
export class PartitionIntake {
  /** What is filled. */
  stretch: OpenStretch;
  private staging: Promise<void> | null = null;
  private spare: OpenStretch | null = null;
  private stagedTo: number;
  private silence: NodeJS.Timeout | undefined;
  private age: NodeJS.Timeout | undefined;
  private isDue = false;
  private isStopped = false;

  constructor(
    position: number,
    private readonly options: IntakeOptions,
  ) {
    this.stretch = options.newStretch(position, null);
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

  /** Call after `stretch` was filled. Gives what must be waited for before more is filled, if anything. */
  filled(): Promise<void> | null {
    const { limits, budget } = this.options;
    if (this.stretch.isEmpty) return null;
    budget.holds(this.stretch, this.stretch.bytes);
    if (this.isFull(this.stretch) || budget.isSpent) return this.closeDue();
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.closeDue(), limits.lagMs);
    this.age ??= setTimeout(() => this.closeDue(), limits.ageMs);
    return null;
  }

  /** Closes what is open, now or when the one before is staged. Resolves when everything taken before the call is being staged. */
  async close(): Promise<void> {
    await this.closeDue();
  }

  /** Stages what is open. Ends early, and leaves the rest to be read again, when the parts it needs are away. */
  async stop(): Promise<void> {
    await this.close();
    this.isStopped = true;
    await this.staging;
  }

  /** Gives back what it held, to be read again from another position. */
  abandon(): void {
    clearTimeout(this.silence);
    clearTimeout(this.age);
    this.isStopped = true;
    this.isDue = false;
    this.options.budget.gone(this.stretch);
  }

  /** Begins a new stretch at once; the one that was open is staged behind the one before it. */
  begin(): void {
    const { stretch } = this;
    clearTimeout(this.silence);
    clearTimeout(this.age);
    this.age = undefined;
    this.stretch = this.options.newStretch(stretch.nextOffset, this.spare);
    this.spare = null;
    if (stretch.isEmpty) return;
    const staging = (this.staging ?? Promise.resolve()).then(() => this.stage(stretch)).finally(() => {
      this.options.budget.gone(stretch);
      // Only a busy partition keeps memory at hand.
      this.spare = this.isFull(stretch) && !this.isStopped ? stretch : null;
      if (this.staging !== staging) return;
      this.staging = null;
      if (this.isDue) void this.closeDue();
    });
    this.staging = staging;
  }

  /** Stages what is open unless the one before is still being staged: then when it is. Gives what must be waited for before more is filled, if anything. */
  private closeDue(): Promise<void> | null {
    clearTimeout(this.silence);
    clearTimeout(this.age);
    this.age = undefined;
    this.isDue = this.staging !== null && !this.stretch.isEmpty;
    if (this.isDue) return this.staging;
    this.begin();
    return this.options.budget.isSpent ? this.staging : null;
  }

  private isFull({ rowCount, refused, bytes }: OpenStretch): boolean {
    const { limits } = this.options;
    return rowCount + refused.length >= limits.rows || bytes >= limits.bytes;
  }

  private async stage(stretch: OpenStretch): Promise<void> {
    for (let attempt = 0; !stretch.isEmpty; attempt += 1) {
      try {
        await stretch.passOn();
        await this.options.stage(stretch);
        this.stagedTo = stretch.nextOffset;
        return;
      } catch (error) {
        if (error instanceof MillraceError && error.code === 'offset-conflict') {
          stretch.dropBefore(await this.options.position().catch(() => stretch.fromOffset));
          this.stagedTo = stretch.fromOffset;
        } else if (this.isStopped) return;
        this.options.logger.warn({ err: error, attempt, fromOffset: stretch.fromOffset }, 'a segment could not be staged and is tried again');
        await delay(Math.min(LONGEST_DELAY_MS, 200 * 2 ** attempt));
      }
    }
  }
}
