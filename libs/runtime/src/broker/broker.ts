import type { NewRecord, RecordBatch } from './data-record.js';
import type { PackedRecords } from './packed-records.js';

/**
 * Kafka as the chassis knows it. There are two implementations (kafkajs, @platformatic/kafka), which one conformance suite holds to
 * the same promises, and a simulated one. Topics and groups have no prefix here; the implementations put it before the names on the broker.
 */
export interface Broker {
  /** A member of a group, not yet started. */
  consumer(options: ConsumerOptions): BrokerConsumer;
  /** Connects an idempotent producer. Rejects when no broker answers. */
  producer(options?: ProducerOptions): Promise<BrokerProducer>;
  /** Connects an idempotent producer of batches that are encoded already; undefined when the client has no such thing. */
  batchProducer?(): Promise<BatchProducer>;
  /** Connects for administration. Rejects when no broker answers. */
  admin(): Promise<BrokerAdmin>;
}

export interface TopicPartition {
  topic: string;
  partition: number;
}

export interface ConsumerOptions {
  group: string;
  /** They need not exist yet: it tries until they do. */
  topics: readonly string[];
  /** Where a group without committed offsets begins: at the first record, or behind the last. */
  fromBeginning: boolean;
  /** Partitions handled at the same time. */
  concurrency: number;
  /** Most bytes of one partition that a fetch brings, so that none starves the others. Default 1 MiB. */
  partitionFetchBytes?: number;
  /** Awaited for each batch; batches of one partition come one after the other, in order. Must not throw. Heartbeats go on meanwhile. */
  eachBatch(batch: FetchedBatch): Promise<void>;
  /** After each rebalance, with everything that is read now. Called before the first batch of these partitions. */
  joined?(partitions: TopicPartition[]): void;
}

/**
 * Reads until it is stopped: what the client gives up is begun again, and it tries until Kafka is there. A member that dies is replaced
 * after the session time-out. Nothing is committed but by `FetchedBatch.commit`.
 */
export interface BrokerConsumer {
  /** True while it is a member of its group. */
  readonly isJoined: boolean;
  /** When the broker last answered a fetch, in milliseconds of the clock; null before. Undefined where the client does not tell. */
  readonly heardAtMs?: number | null;
  /** Begins in the background. */
  start(): void;
  /** Waits for the batches in hand, leaves the group and disconnects. */
  stop(): Promise<void>;
  /** The next fetch of a partition that it was given begins there. */
  seek(place: TopicPartition, offset: bigint): void;
}

/** Records of one partition, with what may be done about them. */
export interface FetchedBatch extends RecordBatch {
  /** The same records without an object each, where the client has them so; `packRecords` makes it of others. */
  packed?: PackedRecords;
  /** The offset behind the partition's last record, as of the fetch. */
  highWatermark: bigint;
  /** True when the partition was taken away or moved by `seek` since the fetch. */
  isStale(): boolean;
  /** The next fetch begins there. Records that no `advance` has passed come again. */
  advance(nextOffset: bigint): void;
  /** Moves the group's committed offset. Rejects when the broker refuses or does not answer; then another member may read the same records again. */
  commit(nextOffset: bigint): Promise<void>;
  /** Fetches nothing of this partition until the returned function is called; others go on. */
  pause(): () => void;
}

export interface ProducerOptions {
  /** Times that a request is repeated, with the same sequence numbers, before `send` rejects. Default 8. */
  retries?: number;
}

/** What `send` takes for one topic. */
export interface TopicRecords {
  topic: string;
  records: readonly NewRecord[];
}

/** A partition that was written, with the offset of its first new record. */
export interface Written extends TopicPartition {
  baseOffset: bigint;
}

/** Writes with acks of all in-sync replicas; what is repeated after a lost answer is written once. */
export interface BrokerProducer {
  /**
   * Resolves when everything is written. Records of one call keep their order per partition; calls do not overtake each other. When it rejects
   * some may have been written, and this producer must not be used again: it may hold sequence numbers that the broker has seen with other content.
   */
  send(topics: readonly TopicRecords[]): Promise<Written[]>;
  close(): Promise<void>;
}

/** Writes batches of records as `RecordBatchWriter` encodes them, with acks of all in-sync replicas; what is repeated after a lost answer is written once. */
export interface BatchProducer {
  /** One batch of a partition at a time. When it rejects, the batch may have been written, and this producer must not be used again. */
  send(topic: string, partition: number, batch: Buffer): Promise<Written>;
  close(): Promise<void>;
}

/** A topic as it shall be when it is created. */
export interface TopicDeclaration {
  topic: string;
  partitions: number;
  /** Kafka's topic settings, e.g. `{ 'cleanup.policy': 'compact' }`. */
  config?: Record<string, string>;
}

export interface PartitionEnds {
  partition: number;
  /** Offset of the first record that is kept. */
  low: bigint;
  /** Offset behind the last record. */
  high: bigint;
}

export interface BrokerAdmin {
  /** Every topic whose name begins with the prefix. */
  listTopics(): Promise<string[]>;
  /** Creates topics and waits until they can be written. One that another created meanwhile is left as it is. */
  createTopics(topics: readonly TopicDeclaration[]): Promise<void>;
  /** In the order of the partitions. */
  endsOf(topic: string): Promise<PartitionEnds[]>;
  /** Topics as the broker has them; those that do not exist are left out. Undefined where the client cannot ask. */
  describeTopics?(topics: readonly string[], settings: readonly string[]): Promise<TopicDeclaration[]>;
  /** Removes a group that has no members, with its offsets. */
  deleteGroup(group: string): Promise<void>;
  close(): Promise<void>;
}
