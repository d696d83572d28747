import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import type { BatchProducer, Written } from '../broker.js';
import { sealBatch } from '../record-batch-writer.js';
import { batchLayout } from '../record-batch-header.js';
import type { TopicNames } from '../topic-names.js';

const require = createRequire(import.meta.url);
const [produceKey, produceVersion] = [0, 7];
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
  connectionPool: { getConnectionByRequest(request: object): Promise<Connection> };
}

interface Connection {
  clientId: string;
  socket: Socket;
  isConnected(): boolean;
  isAuthenticated(): boolean;
  authenticate(): Promise<void>;
  nextCorrelationId(): number;
  requestQueue: { push(request: object): void };
}

interface ProduceAnswer {
  topics: { partitions: { baseOffset: string }[] }[];
}

interface Encoder {
  writeString(text: string | null): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  readonly buffer: Buffer;
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
    const connection = await broker.connectionPool.getConnectionByRequest({ request: { apiKey: produceKey } });
    if (!connection.isAuthenticated()) await connection.authenticate();
    const { topics } = await sendDirect(connection, topic, partition, batch);
    return BigInt(topics[0]?.partitions[0]?.baseOffset ?? -1);
  }
}

/** As kafkajs' `Connection.send`, which copies a request three times into fresh memory: here the batch goes to the socket as it is. */
async function sendDirect(connection: Connection, topic: string, partition: number, batch: Buffer): Promise<ProduceAnswer> {
  const correlationId = connection.nextCorrelationId();
  const head = headOf(connection.clientId, correlationId, topic, partition, batch.length);
  const { payload } = await new Promise<{ payload: Buffer }>((resolve, reject) => {
    if (!connection.isConnected()) return reject(new Error('the connection was lost'));
    connection.requestQueue.push({
      entry: { apiKey: produceKey, apiName: 'Produce', apiVersion: produceVersion, correlationId, resolve, reject },
      expectResponse: true,
      requestTimeout: undefined,
      sendRequest: () => {
        connection.socket.cork();
        connection.socket.write(head);
        connection.socket.write(batch);
        connection.socket.uncork();
      },
    });
  });
  const { decode, parse } = require(`kafkajs/src/protocol/requests/produce/v${produceVersion}/response`) as { decode(bytes: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<ProduceAnswer> };
  return parse(await decode(payload));
}

/** Everything of a request before the batch itself. */
function headOf(clientId: string, correlationId: number, topic: string, partition: number, batchBytes: number): Buffer {
  const EncoderClass = require('kafkajs/src/protocol/encoder') as new () => Encoder;
  const head = new EncoderClass()
    .writeInt32(0) // size, below
    .writeInt16(produceKey)
    .writeInt16(produceVersion)
    .writeInt32(correlationId)
    .writeString(clientId)
    .writeString(null) // no transaction
    .writeInt16(acksOfAll)
    .writeInt32(requestTimeoutMs)
    .writeInt32(1)
    .writeString(topic)
    .writeInt32(1)
    .writeInt32(partition)
    .writeInt32(batchBytes).buffer;
  head.writeInt32BE(head.length - 4 + batchBytes, 0);
  return head;
}

/** kafkajs makes its clients' clusters by a method under a private symbol. */
function clusterOf(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === 'private:Kafka:createCluster');
  if (!symbol) throw new TypeError('this version of kafkajs makes no clusters as 2.2.4 does');
  const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol] as (options: object) => Cluster;
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, maxInFlightRequests: null });
}
