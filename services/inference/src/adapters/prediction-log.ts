import { setTimeout as delay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { predictionTopicOf } from '@millrace/decisions';
import type { RecordProducer } from '@millrace/runtime';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';

/** A prediction as a record of the prediction log, without the process's own number. */
export type PredictionRecord = Record<string, number | string | boolean | null> & { key: string };

interface Waiting {
  pipeline: string;
  record: PredictionRecord;
}

/** Records that may wait while Kafka is away; more are lost, oldest first, and counted. */
const MOST_WAITING = 200_000;
const MOST_AT_ONCE = 2_000;
const FLUSH_MS = 25;
const RETRY_MS = 1_000;
const LAST_FLUSH_MS = 2_000;

/** Writes predictions to their topics in batches. Each process numbers its records per pipeline, so that a gap shows what was lost. */
export class PredictionLog implements OnApplicationShutdown {
  logged = 0;
  lost = 0;
  private waiting: Waiting[] = [];
  private readonly sequences = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private isEnding = false;

  constructor(
    private readonly producer: RecordProducer,
    private readonly logger: Logger,
    /** Name of this process in the log. */
    readonly process: string,
  ) {}

  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Takes records; they are sent soon. */
  add(pipeline: string, records: readonly PredictionRecord[]): void {
    for (const record of records) this.waiting.push({ pipeline, record: this.numbered(pipeline, record) });
    const surplus = this.waiting.length - MOST_WAITING;
    if (surplus > 0) {
      this.waiting.splice(0, surplus);
      this.lost += surplus;
    }
    this.schedule(FLUSH_MS);
  }

  /** Sends records and waits until the broker has them. Errors: `kafka-unavailable`. */
  async addDurably(pipeline: string, records: readonly PredictionRecord[]): Promise<void> {
    await this.send(pipeline, records.map((record) => this.numbered(pipeline, record)));
  }

  /** Sends what waits when the last request has been answered, if Kafka takes it at once. The runtime has stopped the producer by then: it connects once more. */
  async onApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.timer);
    if (this.waiting.length === 0 && !this.flushing) return;
    const rest = (this.flushing ?? Promise.resolve()).then(() => this.flushWaiting()).then(() => this.producer.stop());
    await Promise.race([rest, delay(LAST_FLUSH_MS, undefined, { ref: false })]);
    if (this.waiting.length > 0) this.logger.warn({ predictions: this.waiting.length }, 'predictions were lost at the end of the process');
  }

  private numbered(pipeline: string, record: PredictionRecord): PredictionRecord {
    const sequence = (this.sequences.get(pipeline) ?? 0) + 1;
    this.sequences.set(pipeline, sequence);
    return { ...record, process: this.process, sequence };
  }

  private schedule(delayMs: number): void {
    if (this.timer || this.flushing || this.isEnding) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flushing = this.flushWaiting().finally(() => {
        this.flushing = undefined;
        if (this.waiting.length > 0) this.schedule(RETRY_MS);
      });
    }, delayMs);
  }

  private async flushWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      const pipeline = this.waiting[0]?.pipeline ?? '';
      const batch = this.waiting.filter((waiting) => waiting.pipeline === pipeline).slice(0, MOST_AT_ONCE);
      try {
        await this.send(pipeline, batch.map(({ record }) => record));
      } catch (error) {
        this.logger.warn({ err: error, waiting: this.waiting.length }, 'predictions wait for Kafka');
        return;
      }
      const sent = new Set(batch);
      this.waiting = this.waiting.filter((waiting) => !sent.has(waiting));
    }
  }

  private async send(pipeline: string, records: readonly PredictionRecord[]): Promise<void> {
    const topic = predictionTopicOf(pipeline);
    await this.producer.send(topic, records.map((record) => ({ key: record.key, value: JSON.stringify(record) }))).catch((error: unknown) => {
      throw error instanceof MillraceError ? error : new MillraceError('kafka-unavailable', `Predictions for ${pipeline} were not acknowledged`, { cause: error });
    });
    this.logged += records.length;
  }
}
