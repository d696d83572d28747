import type { Logger } from 'pino';
import type { BatchProducer, Broker, BrokerAdmin, BrokerConsumer, BrokerProducer, ConsumerOptions, ProducerOptions } from '../broker/broker.js';
import { TopicNames } from '../broker/topic-names.js';
import type { Clock } from '../clock/clock.js';
import type { LaneState } from './lane-state.js';

/** Something that reads or writes Kafka until it is stopped. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** What operators ask a lane of data topics. */
export interface Lane {
  readonly group: string;
  readonly state: LaneState;
}

/** A service's door to Kafka, and the list of what reads and writes there. Injectable. */
export class KafkaConnection {
  readonly #names: TopicNames;
  readonly #running = new Set<Stoppable>();
  /** The lanes that read data topics now. */
  readonly lanes = new Set<Lane>();

  constructor(
    private readonly broker: Broker,
    readonly clock: Clock,
    readonly logger: Logger,
    topicPrefix: string,
  ) {
    this.#names = new TopicNames(topicPrefix);
  }

  /** The topic's or group's name on the broker, for what is not ours. */
  name(name: string): string {
    return this.#names.onBroker(name);
  }

  consumer(options: ConsumerOptions): BrokerConsumer {
    return this.broker.consumer(options);
  }

  producer(options?: ProducerOptions): Promise<BrokerProducer> {
    return this.broker.producer(options);
  }

  /** Null: the client has none. */
  batchProducer(): Promise<BatchProducer | null> {
    return this.broker.batchProducer?.() ?? Promise.resolve(null);
  }

  /** Runs something with an admin client of its own. */
  async withAdmin<R>(work: (admin: BrokerAdmin) => Promise<R>): Promise<R> {
    const admin = await this.broker.admin();
    try {
      return await work(admin);
    } finally {
      await admin.close();
    }
  }

  /** What runs is stopped with the service. */
  started(part: Stoppable): void {
    this.#running.add(part);
  }

  stopped(part: Stoppable): void {
    this.#running.delete(part);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((part) => part.stop()));
  }
}
