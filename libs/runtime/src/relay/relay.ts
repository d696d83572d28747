import { eventCatalogue } from '@millrace/contracts';
import type { EventType } from '@millrace/contracts';
import type { Logger } from 'pino';
import type { BrokerProducer } from '../broker/broker.js';
import type { Clock } from '../clock/clock.js';
import { faultPoint } from '../fault-point.js';
import type { KafkaConnection } from '../kafka/kafka-connection.js';
import { bytesOfParts, firstWithin, mostRecordsPerRequest } from '../kafka/first-within.js';
import type { Topics } from '../kafka/topics.js';
import type { Metrics } from '../observe/metrics.js';
import type { UnsentRow } from '../store/outbox-row.js';
import type { ServiceStore } from '../store/service-store.js';
import type { OutboxWaker } from '../work/outbox-waker.js';
import type { Leadership, Led } from '../workers/leadership.js';
import { Loop } from '../workers/loop.js';
import { producerSpans } from './producer-spans.js';
import { topicRecordsOf } from './topic-records.js';

/** Safety net; commits wake the relay. */
const intervalMs = 5_000;
/** The loop tries again by itself, with a new producer. */
const sendRetries = 3;

/**
 * Sends the outbox to Kafka: one leader per service, rows in position order, one batch at a time, marked as published after the
 * broker's ack. A batch that fails is sent again whole by a new producer, so order per key holds and events may come twice, never out of order.
 */
export class Relay implements Led, OutboxWaker {
  readonly #loop: Loop;
  #producer: BrokerProducer | undefined;

  constructor(
    private readonly store: ServiceStore,
    private readonly kafka: KafkaConnection,
    private readonly leadership: Leadership,
    logger: Logger,
    private readonly metrics: Metrics,
    private readonly topics: Topics,
    private readonly clock: Clock,
  ) {
    this.#loop = new Loop({ name: 'relay', intervalMs, run: () => this.#sendBatch() }, logger, clock);
    leadership.add(this);
  }

  wake(): void {
    if (this.leadership.isLeader) this.#loop.wake();
  }

  channelToNotify(): string | null {
    return this.leadership.isLeader ? null : this.leadership.channel;
  }

  lead(): void {
    this.#loop.start();
  }

  follow(): void {
    void this.#loop.stop();
  }

  notified(payload: string): void {
    if (payload === 'outbox') this.#loop.wake();
  }

  /** Sends what is left, for at most the given time, then disconnects. */
  async stop(drainMs: number): Promise<void> {
    const deadlineMs = this.clock.nowMs() + drainMs;
    await this.#loop.stop();
    if (this.leadership.isLeader) await this.#drain(deadlineMs);
    await this.#producer?.close().catch(() => undefined);
    this.#producer = undefined;
  }

  async #drain(deadlineMs: number): Promise<void> {
    try {
      while (this.clock.nowMs() < deadlineMs && (await this.#sendBatch()));
    } catch {
      // What could not be sent is sent after the next start.
    }
  }

  /** @returns true when there may be more */
  async #sendBatch(): Promise<boolean> {
    const rows = await this.store.unsent(mostRecordsPerRequest);
    if (rows.length === 0) return false;
    const batch = firstWithin(rows, ({ payload, aggregateid, headers }) => bytesOfParts(payload, aggregateid, ...Object.entries(headers).flat()));
    faultPoint('before-send');
    await this.#send(batch);
    faultPoint('before-mark-published');
    await this.store.markSent(batch.map(({ position }) => position));
    faultPoint('after-mark-published');
    return batch.length < rows.length || rows.length === mostRecordsPerRequest;
  }

  async #send(rows: UnsentRow[]): Promise<void> {
    const spans = producerSpans(rows);
    try {
      await this.#ensureTopics(rows);
      const producer = (this.#producer ??= await this.kafka.producer({ retries: sendRetries }));
      await producer.send(topicRecordsOf(rows, spans.traceparents));
      spans.end();
      for (const { aggregatetype } of rows) this.metrics.sentEvents.inc({ topic: aggregatetype });
    } catch (error) {
      spans.end(error);
      // The broker may have taken a request whose answer was lost. A producer that reuses those sequence numbers for other rows would have them
      // dropped as duplicates, so it must not go on: a new one has a new id.
      const broken = this.#producer;
      this.#producer = undefined;
      void broken?.close().catch(() => undefined);
      throw error;
    }
  }

  /** An event whose topic nobody has made yet must not hold up those behind it. Data topics are made by who owns them. */
  async #ensureTopics(rows: readonly UnsentRow[]): Promise<void> {
    await this.topics.ensureEvents(rows.flatMap(({ type }) => (Object.hasOwn(eventCatalogue, type) ? [type as EventType] : [])));
  }
}
