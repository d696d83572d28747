import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { BatchProducer, Written } from '../broker.js';
import { sealBatch } from '../record-batch-writer.js';
import { batchLayout } from '../record-batch-header.js';
import type { TopicNames } from '../topic-names.js';

const require = createRequire(import.meta.url);
const produceVersion = 7;
const acksOfAll = -1;
const requestTimeoutMs = 30_000;
const [firstDelayMs, longestDelayMs, mostTries] = [50, 1_000, 8];
const sequenceEnd = 2 ** 31;

/** What of kafkajs' inner parts it stands on: connections, sign-in and metadata are kafkajs', the records are not. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(place: { nodeId: string }): Promise<ClusterBroker>;
  findControllerBroker(): Promise<ClusterBroker>;
  removeBroker(address: { host: string; port: number }): void;
}

interface ClusterBroker {
  initProducerId(options: { transactionTimeout: number }): Promise<{ producerId: string; producerEpoch: number }>;
  connectionPool: { send(request: object): Promise<{ topics: { topicName: string; partitions: { partition: number; baseOffset: string }[] }[] }> };
}

interface Encoder {
  writeString(text: string | null): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeBytes(bytes: Buffer): Encoder;
}

/** Sends record batches that are encoded already, with the sequence numbers of an idempotent producer: a repetition after a lost answer is written once. */
export class KafkajsBatchProducer implements BatchProducer {
  /** Of the next batch, by partition. */
  readonly #sequences = new Map<string, number>();

  private constructor(
    private readonly cluster: Cluster,
    private readonly names: TopicNames,
    private readonly identity: { producerId: bigint; producerEpoch: number },
  ) {}

  static async connect(kafka: Kafka, names: TopicNames): Promise<KafkajsBatchProducer> {
    const cluster = clusterOf(kafka);
    try {
      await cluster.connect();
      await cluster.refreshMetadata();
      const { producerId, producerEpoch } = await (await cluster.findControllerBroker()).initProducerId({ transactionTimeout: requestTimeoutMs });
      return new KafkajsBatchProducer(cluster, names, { producerId: BigInt(producerId), producerEpoch });
    } catch (error) {
      await cluster.disconnect().catch(() => undefined);
      throw error;
    }
  }

  async send(topic: string, partition: number, batch: Buffer): Promise<Written> {
    const place = `${topic}/${partition}`;
    const firstSequence = this.#sequences.get(place) ?? 0;
    sealBatch(batch, { ...this.identity, firstSequence });
    const baseOffset = await this.#sendSealed(this.names.onBroker(topic), partition, batch);
    this.#sequences.set(place, (firstSequence + batch.readInt32BE(batchLayout.count)) % sequenceEnd);
    return { topic, partition, baseOffset };
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  async #sendSealed(topic: string, partition: number, batch: Buffer): Promise<bigint> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#sendOnce(topic, partition, batch);
      } catch (error) {
        const { retriable, name, host, port } = error as { retriable?: boolean; name: string; host: string; port: number };
        if (retriable === false || tries === mostTries) throw error;
        if (name === 'KafkaJSConnectionClosedError') this.cluster.removeBroker({ host, port });
        await delay(Math.min(longestDelayMs, firstDelayMs * 2 ** tries));
        if (!this.cluster.isConnected()) await this.cluster.connect().catch(() => undefined);
        await this.cluster.refreshMetadata().catch(() => undefined);
      }
    }
  }

  async #sendOnce(topic: string, partition: number, batch: Buffer): Promise<bigint> {
    await this.cluster.addTargetTopic(topic);
    await this.cluster.refreshMetadataIfNecessary();
    const [nodeId] = Object.keys(this.cluster.findLeaderForPartitions(topic, [partition]));
    if (nodeId === undefined) throw new Error(`partition ${partition} of ${topic} has no leader`);
    const broker = await this.cluster.findBroker({ nodeId });
    const { topics } = await broker.connectionPool.send(requestOf(topic, partition, batch));
    return BigInt(topics[0]?.partitions[0]?.baseOffset ?? -1);
  }
}

function requestOf(topic: string, partition: number, batch: Buffer): object {
  const EncoderClass = require('kafkajs/src/protocol/encoder') as new (size?: number) => Encoder;
  const head = 64 + topic.length;
  const encode = () =>
    Promise.resolve(
      new EncoderClass(batch.length + head).writeString(null).writeInt16(acksOfAll).writeInt32(requestTimeoutMs).writeInt32(1).writeString(topic).writeInt32(1).writeInt32(partition).writeBytes(batch),
    );
  return {
    request: { apiKey: 0, apiVersion: produceVersion, apiName: 'Produce', expectResponse: () => true, encode },
    response: require(`kafkajs/src/protocol/requests/produce/v${produceVersion}/response`) as unknown,
  };
}

/** kafkajs makes its clients' clusters by a method under a private symbol. */
function clusterOf(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === 'private:Kafka:createCluster');
  if (!symbol) throw new TypeError('this version of kafkajs makes no clusters as 2.2.4 does');
  const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol] as (options: object) => Cluster;
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, maxInFlightRequests: null });
}
