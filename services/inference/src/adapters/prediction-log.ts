import { setTimeout as delay } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { predictionTopicOf } from '@millrace/decisions';
import type { RecordProducer } from '@millrace/runtime';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import type { PredictionSpool, SpooledRecord } from './prediction-spool.js';

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
/** The broker's ack of a durable prediction is waited for this long; then it goes to disk, and so do all until the broker takes what is there. */
const ACK_MS = 1_000;

/**
 * Writes predictions to their topics in batches. Each process numbers its records per pipeline, so that a gap shows what was lost. A durable one is with the broker, or while that is
 * away on disk, before it is answered.
 */
export class PredictionLog implements OnModuleInit, OnApplicationShutdown {
  logged = 0;
  lost = 0;
  private waiting: Waiting[] = [];
  private readonly sequences = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private isEnding = false;
  private draining: Promise<void> | undefined;

  constructor(
    private readonly producer: RecordProducer,
    private readonly logger: Logger,
    /** Name of this process in the log. */
    readonly process: string,
    private readonly spool: PredictionSpool,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.spool.adopt();
    this.drainSoon(FLUSH_MS);
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  get spooledCount(): number {
    return this.spool.count;
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

  /**
   * Resolves when the broker has the records, or the disk while the broker is away. A broker that took them and was too slow to say so gets them twice, under the same ids and numbers.
   * Errors: `kafka-unavailable` where there is no directory to keep them in.
   */
  async addDurably(pipeline: string, records: readonly PredictionRecord[]): Promise<void> {
    const numbered = records.map((record) => this.numbered(pipeline, record));
    if (this.spool.count > 0) return this.keep(pipeline, numbered);
    const sent = this.send(pipeline, numbered);
    if (!this.spool.isKept) return sent;
    const late = new AbortController();
    try {
      await Promise.race([sent, delay(ACK_MS, undefined, { signal: late.signal }).then(() => Promise.reject(new Error(`No ack within ${ACK_MS} ms`)))]);
    } catch (error) {
      sent.catch(() => undefined); // its time is over; the record is kept either way
      this.logger.warn({ err: error, pipeline }, 'durable predictions go to disk until Kafka takes them');
      await this.keep(pipeline, numbered);
    } finally {
      late.abort();
    }
  }

  private async keep(pipeline: string, records: readonly PredictionRecord[]): Promise<void> {
    await this.spool.append(pipeline, records);
    this.drainSoon(RETRY_MS);
  }

  /** Sends what is on disk, and tries until it is sent. */
  private drainSoon(delayMs: number): void {
    if (this.draining || this.isEnding || this.spool.count === 0) return;
    this.draining = delay(delayMs, undefined, { ref: false })
      .then(() => (this.isEnding ? undefined : this.spool.drain((records) => this.sendSpooled(records))))
      .catch((error: unknown) => this.logger.debug({ err: error, spooled: this.spool.count }, 'durable predictions wait on disk for Kafka'))
      .finally(() => {
        this.draining = undefined;
        this.drainSoon(RETRY_MS);
      });
  }

  private async sendSpooled(spooled: readonly SpooledRecord[]): Promise<void> {
    for (const pipeline of new Set(spooled.map((one) => one.pipeline))) {
      const own = spooled.filter((one) => one.pipeline === pipeline).map(({ record }) => record);
      for (let start = 0; start < own.length; start += MOST_AT_ONCE) await this.send(pipeline, own.slice(start, start + MOST_AT_ONCE));
    }
  }

  /** Sends what waits when the last request has been answered, if Kafka takes it at once. The runtime has stopped the producer by then: it connects once more. */
  async onApplicationShutdown(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.timer);
    await this.spool.stop();
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
