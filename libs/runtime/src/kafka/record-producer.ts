import { MillraceError } from '@millrace/contracts';
import type { Producer } from 'kafkajs';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';

/** A record to send outside a transaction. */
export interface NewRecord {
  key: string | null;
  value: Buffer | string | null;
  headers?: Record<string, string>;
  /** Chosen by the key when left out. */
  partition?: number;
}

/** Idempotent producer for data-plane records that do not belong to a transaction. Connects at the first use. */
export class RecordProducer implements Stoppable {
  #producer: Promise<Producer> | undefined;

  constructor(private readonly kafka: KafkaConnection) {}

  /**
   * Sends and waits for the broker's ack. Records of one call keep their order per partition. Throws `kafka-unavailable`; then it is
   * not known which records were written, and a repetition may write some twice.
   * @param topic without the topic prefix
   * @returns each partition that was written with the offset of its first record
   */
  async send(topic: string, records: readonly NewRecord[]): Promise<{ partition: number; baseOffset: bigint }[]> {
    if (records.length === 0) return [];
    const producer = await this.#connected();
    const first = new Map<number, bigint>();
    try {
      for (const messages of portionsOf(records)) {
        const written = await producer.send({ topic: this.kafka.name(topic), acks: -1, messages });
        for (const { partition, baseOffset } of written) if (!first.has(partition)) first.set(partition, BigInt(baseOffset ?? -1));
      }
      return [...first].map(([partition, baseOffset]) => ({ partition, baseOffset }));
    } catch (error) {
      // A producer whose request failed may hold a sequence number that the broker has seen with other content: it must not go on.
      this.#producer = undefined;
      void producer.disconnect().catch(() => undefined);
      throw new MillraceError('kafka-unavailable', `Records for ${topic} were not acknowledged`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    this.#producer = undefined;
    await producer?.disconnect();
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.kafka.producer();
    try {
      await producer.connect();
      this.kafka.started(this);
      return producer;
    } catch (error) {
      this.#producer = undefined;
      throw new MillraceError('kafka-unavailable', 'No Kafka broker answers', { cause: error });
    }
  }
}

/** kafkajs takes time that grows with the square of a request's records, and a broker refuses a batch above its `max.message.bytes` (1 MiB). */
const portionRecords = 200;
const portionBytes = 512 * 1024;

function portionsOf(records: readonly NewRecord[]): NewRecord[][] {
  const portions: NewRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = record.value?.length ?? 0;
    const isFull = bytes + size > portionBytes || (portions.at(-1)?.length ?? portionRecords) >= portionRecords;
    if (isFull) portions.push([]);
    bytes = isFull ? size : bytes + size;
    portions.at(-1)?.push({ ...record });
  }
  return portions;
}
