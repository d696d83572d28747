import { setTimeout as pause } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { quietKafka } from '../platform/quiet-kafka.ts';

const pauseMs = 250;

/** A producer of data as any team has one: through the same door to Kafka as the services, sending until it is acknowledged. */
export class RecordSender {
  private readonly brokers: string;
  private producer: Producer | undefined;
  private batch = 0;

  constructor(brokers: string) {
    this.brokers = brokers;
  }

  /** Each record bears who produced it and its number, as headers. */
  async send(topic: string, records: readonly { key: string; value: object }[]): Promise<void> {
    this.batch += 1;
    const messages = records.map(({ key, value }, index) => ({ key, value: JSON.stringify(value), headers: { 'producer-id': 'campaign', 'producer-sequence': `${this.batch}.${index}` } }));
    for (;;) {
      try {
        this.producer ??= await this.connected();
        await this.producer.send({ topic, messages, acks: -1 });
        return;
      } catch {
        await this.producer?.disconnect().catch(() => undefined);
        this.producer = undefined;
        await pause(pauseMs);
      }
    }
  }

  async stop(): Promise<void> {
    await this.producer?.disconnect().catch(() => undefined);
  }

  private async connected(): Promise<Producer> {
    const producer = quietKafka('millrace-producers-1', this.brokers).producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 2 } });
    await producer.connect();
    return producer;
  }
}
