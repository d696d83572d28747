import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.js';

export interface TopicPartition {
  topic: string;
  partition: number;
}

export interface SteadyConsumerOptions {
  /** Without prefix. */
  group: string;
  /** Without prefix; they need not exist yet: it tries until they do. */
  topics: readonly string[];
  /** Where a group without committed offsets begins. */
  fromBeginning: boolean;
  /** Partitions handled at the same time. */
  concurrency: number;
  /** Must not throw: kafkajs would give up the other partitions of the fetch too. */
  eachBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void>;
  /** After each rebalance, with everything that is read now. */
  joined?(partitions: TopicPartition[], consumer: Consumer): void;
}

const firstDelayMs = 200;
const longestDelayMs = 5_000;
const quickDelayUpTo = 6;

/**
 * A kafkajs consumer that is made again whenever kafkajs gives up, and tries until Kafka is there ("coordinator not available" and the
 * like are normal for some seconds after a broker's start). Offsets are committed by `eachBatch` alone.
 */
export class SteadyConsumer {
  #consumer: Consumer | undefined;
  #isJoined = false;
  #stopping = new AbortController();
  #connecting: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly options: SteadyConsumerOptions,
  ) {}

  /** True while it is a member of its group. */
  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** Begins in the background. */
  start(): void {
    this.#connecting = this.#connect();
  }

  /** Waits for the batches in hand, leaves the group and disconnects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connecting;
    await this.#leave();
  }

  async #connect(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await this.#run(this.#newConsumer());
      } catch (error) {
        this.kafka.logger[failures < quickDelayUpTo ? 'debug' : 'warn']({ err: error, group: this.options.group }, 'cannot read from Kafka yet');
        await this.#leave();
        await delay(Math.min(longestDelayMs, firstDelayMs * 2 ** failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #newConsumer(): Consumer {
    const consumer = this.kafka.consumer({ groupId: this.options.group });
    const { GROUP_JOIN, REBALANCING, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#isJoined = true;
      this.options.joined?.(this.#partitionsOf(payload.memberAssignment), consumer);
    });
    consumer.on(REBALANCING, () => {
      this.#isJoined = false;
    });
    consumer.on(CRASH, ({ payload }) => {
      this.#isJoined = false;
      if (!payload.restart && consumer === this.#consumer && !this.#stopping.signal.aborted) this.#connecting = this.#leave().then(() => this.#connect());
    });
    this.#consumer = consumer;
    return consumer;
  }

  async #run(consumer: Consumer): Promise<void> {
    const { topics, fromBeginning, concurrency, eachBatch } = this.options;
    await consumer.connect();
    await consumer.subscribe({ topics: topics.map((topic) => this.kafka.name(topic)), fromBeginning });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => eachBatch(payload, consumer),
    });
  }

  async #leave(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    this.#isJoined = false;
    await consumer?.disconnect().catch(() => undefined);
  }

  #partitionsOf(assignment: Record<string, number[]>): TopicPartition[] {
    return Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic: this.kafka.plainName(topic), partition })));
  }
}
