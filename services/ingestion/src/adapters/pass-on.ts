import { setTimeout as delay } from 'node:timers/promises';
import { RecordBatchWriter } from '@millrace/runtime';
import type { Logger, RecordProducer } from '@millrace/runtime';
import type { IntakeBudget } from './intake-budget.js';

/** Kafka's default for the largest record batch is 1,048,588 bytes. */
const FULL_BYTES = 900_000;
/** Batches that wait for their ack beyond which the partition rests. */
const MOST_WAITING = 12;
const [FIRST_DELAY_MS, LONGEST_DELAY_MS] = [200, 10_000];

/**
 * The good records of one partition on their way to the accepted topic: encoded as they are checked, sent in order, one batch at a time, again and again until
 * the broker has them. A batch whose answer was lost may come twice; its records carry their source offset.
 */
export class PassOn {
  readonly writer = new RecordBatchWriter();
  private tail: Promise<void> = Promise.resolve();
  private waiting = 0;
  private isStopped = false;

  constructor(
    private readonly place: { topic: string; partition: number },
    private readonly producer: RecordProducer,
    private readonly budget: IntakeBudget,
    private readonly logger: Logger,
  ) {}

  /** Call after each record that was written: a full batch is sent. */
  written(): void {
    if (this.writer.size >= FULL_BYTES) void this.flush();
  }

  /** Sends what was written. Resolves when everything so far is acknowledged; rejects when it was stopped before. */
  flush(): Promise<void> {
    if (this.writer.count > 0) {
      const batch = this.writer.finish(Date.now());
      this.waiting += 1;
      this.budget.holds(batch, batch.length);
      this.tail = this.tail.then(() => this.send(batch));
      this.tail.catch(() => undefined);
    }
    return this.tail;
  }

  /** What must be waited for before more is written, if anything. */
  get backlog(): Promise<void> | null {
    return this.waiting > MOST_WAITING ? this.tail : null;
  }

  /** Tries no more to send what the broker does not take. */
  stop(): void {
    this.isStopped = true;
  }

  private async send(batch: Buffer): Promise<void> {
    const { topic, partition } = this.place;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.producer.sendBatch(topic, partition, batch);
        this.waiting -= 1;
        this.budget.gone(batch);
        this.writer.reuse(batch);
        return;
      } catch (error) {
        if (this.isStopped) {
          this.budget.gone(batch);
          throw error;
        }
        this.logger.warn({ err: error, topic, partition, attempt }, 'accepted records could not be passed on and are sent again');
        await delay(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt));
      }
    }
  }
}
