import { MillraceError } from '@millrace/contracts';
import type { BatchProducer, BrokerProducer } from '../broker/broker.js';
import type { NewRecord } from '../broker/data-record.js';
import { batchHeadersOf } from '../broker/record-batch-header.js';
import { unpackRecords } from '../broker/unpack-records.js';
import { faultPoint } from '../fault-point.js';
import { bytesOfParts, firstWithin, largestBatchBytes } from './first-within.js';
import type { KafkaConnection, Stoppable } from './kafka-connection.js';

/** Idempotent producer for data-plane records that do not belong to a transaction. Connects at the first use. */
export class RecordProducer implements Stoppable {
  #producer: Promise<BrokerProducer> | undefined;
  #batchProducer: Promise<BatchProducer | null> | undefined;

  constructor(private readonly kafka: KafkaConnection) {}

  /**
   * Sends and waits for the broker's ack, in several requests when the records are many. Records of one call keep their order per
   * partition. Throws `payload-too-large` before anything is sent; `kafka-unavailable`: then it is not known which records were
   * written, and a repetition may write some twice.
   * @param topic without the topic prefix
   * @returns each partition that was written with the offset of its first record
   */
  async send(topic: string, records: readonly NewRecord[]): Promise<{ partition: number; baseOffset: bigint }[]> {
    const tooLarge = records.find((record) => bytesOf(record) > largestBatchBytes);
    if (tooLarge) throw new MillraceError('payload-too-large', `A record for ${topic} has ${bytesOf(tooLarge)} bytes, at most ${largestBatchBytes} fit`);
    const firsts = new Map<number, bigint>();
    for (let rest = records; rest.length > 0; ) {
      const batch = firstWithin(rest, bytesOf);
      for (const { partition, baseOffset } of await this.#sendBatch(topic, batch)) if (!firsts.has(partition)) firsts.set(partition, baseOffset);
      rest = rest.slice(batch.length);
    }
    return [...firsts].map(([partition, baseOffset]) => ({ partition, baseOffset }));
  }

  async #sendBatch(topic: string, batch: NewRecord[]): Promise<{ partition: number; baseOffset: bigint }[]> {
    const producer = await this.#connected();
    try {
      faultPoint('before-records-sent');
      const written = await producer.send([{ topic, records: batch }]);
      faultPoint('after-records-sent');
      return written;
    } catch (error) {
      this.#producer = undefined;
      void producer.close().catch(() => undefined);
      throw error instanceof MillraceError ? error : new MillraceError('kafka-unavailable', `Records for ${topic} were not acknowledged`, { cause: error });
    }
  }

  /**
   * Sends a batch as `RecordBatchWriter` encodes it and waits for the broker's ack; one of a partition at a time. Errors: `kafka-unavailable`, as `send`.
   * @param topic without the topic prefix
   */
  async sendBatch(topic: string, partition: number, batch: Buffer): Promise<void> {
    this.#batchProducer ??= this.#connectBatches();
    const connecting = this.#batchProducer;
    try {
      const producer = await connecting;
      faultPoint('before-records-sent');
      if (producer) await producer.send(topic, partition, batch);
      else await this.send(topic, unpackRecords(batch, batchHeadersOf(batch) ?? [], 0).recordsOf(topic, partition));
      faultPoint('after-records-sent');
    } catch (error) {
      if (this.#batchProducer === connecting) this.#batchProducer = undefined;
      void connecting.then((producer) => producer?.close()).catch(() => undefined);
      throw error instanceof MillraceError ? error : new MillraceError('kafka-unavailable', `Records for ${topic} were not acknowledged`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    const [producer, batchProducer] = await Promise.all([this.#producer?.catch(() => undefined), this.#batchProducer?.catch(() => undefined)]);
    this.#producer = undefined;
    this.#batchProducer = undefined;
    await Promise.all([producer?.close(), batchProducer?.close()]);
  }

  async #connectBatches(): Promise<BatchProducer | null> {
    const producer = await this.kafka.batchProducer();
    this.kafka.started(this);
    return producer;
  }

  #connected(): Promise<BrokerProducer> {
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<BrokerProducer> {
    try {
      const producer = await this.kafka.producer();
      this.kafka.started(this);
      return producer;
    } catch (error) {
      this.#producer = undefined;
      throw error instanceof MillraceError ? error : new MillraceError('kafka-unavailable', 'No Kafka broker answers', { cause: error });
    }
  }
}

function bytesOf({ key, value, headers = {} }: NewRecord): number {
  return bytesOfParts(key, value, ...Object.entries(headers).flat());
}
