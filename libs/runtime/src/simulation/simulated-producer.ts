import type { BrokerProducer, ProducerOptions, TopicPartition, TopicRecords, Written } from '../broker/broker.js';
import type { NewRecord } from '../broker/data-record.js';
import { delayOf } from '../clock/clock.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import { placeOf } from './simulated-cluster.js';
import type { SimulatedProcess } from './simulated-process.js';

/** What one call writes to one partition, with one sequence number. */
interface Part {
  place: TopicPartition;
  records: NewRecord[];
  /** Set when the broker has seen the sequence number. */
  baseOffset?: bigint;
}

const retryMs = 100;

/** Writes each part of a call once, however often it asks; of a call that fails any part may be written, also later. */
export class SimulatedProducer implements BrokerProducer {
  /** Parts of a failed call: their sequence numbers would be used again. */
  readonly #failed = new Map<string, Part>();

  constructor(
    private readonly cluster: SimulatedCluster,
    private readonly process: SimulatedProcess,
    private readonly options: ProducerOptions,
  ) {}

  async send(topics: readonly TopicRecords[]): Promise<Written[]> {
    const parts = topics.flatMap((one) => this.#partsOf(one));
    const results = await Promise.allSettled(parts.map((part) => this.#write(part)));
    results.forEach(({ status }, index) => {
      const part = parts[index];
      if (status === 'rejected' && part) this.#failed.set(placeOf(part.place), part);
    });
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
    return parts.map(({ place, baseOffset = -1n }) => ({ ...place, baseOffset }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #partsOf({ topic, records }: TopicRecords): Part[] {
    const partitions = this.cluster.topics.get(topic)?.length;
    if (!partitions) throw new Error(`There is no topic ${topic}`);
    const parts = new Map<number, NewRecord[]>();
    for (const record of records) {
      const partition = record.partition ?? partitionOf(record.key ?? '', partitions);
      parts.set(partition, [...(parts.get(partition) ?? []), record]);
    }
    return [...parts].map(([partition, some]) => ({ place: { topic, partition }, records: some }));
  }

  async #write(part: Part): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#ask(part);
      } catch (error) {
        if (tries >= (this.options.retries ?? 8)) throw error;
        await delayOf(this.process.clock, retryMs * 2 ** Math.min(tries, 4));
      }
    }
  }

  #ask(part: Part): Promise<void> {
    const { world } = this.cluster;
    return this.cluster.ask<void>(this.process, 'a write', ({ resolve }) => {
      const earlier = this.#failed.get(placeOf(part.place));
      // A sequence number that was seen is acknowledged, and what comes with it is dropped.
      if (earlier?.baseOffset !== undefined) part.baseOffset ??= earlier.baseOffset;
      if (part.baseOffset === undefined) {
        part.baseOffset = this.cluster.append(part.place, part.records);
        world.note(() => `${this.process.name} writes ${part.records.length} to ${placeOf(part.place)} at ${part.baseOffset}`);
      }
      resolve();
    });
  }
}

function partitionOf(key: string, partitions: number): number {
  let hash = 7;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) >>> 0;
  return hash % partitions;
}
