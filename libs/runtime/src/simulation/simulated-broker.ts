import type { Broker, BrokerAdmin, BrokerConsumer, BrokerProducer, ConsumerOptions, ProducerOptions, TopicDeclaration } from '../broker/broker.js';
import type { SimulatedCluster } from './simulated-cluster.js';
import { SimulatedConsumer } from './simulated-consumer.js';
import type { SimulatedProcess } from './simulated-process.js';
import { SimulatedProducer } from './simulated-producer.js';

/** A process's client of the simulated Kafka. */
export class SimulatedBroker implements Broker {
  constructor(
    private readonly cluster: SimulatedCluster,
    private readonly process: SimulatedProcess,
  ) {}

  consumer(options: ConsumerOptions): BrokerConsumer {
    return new SimulatedConsumer(this.cluster, this.process, options);
  }

  async producer(options: ProducerOptions = {}): Promise<BrokerProducer> {
    await this.#ask('a producer id', () => undefined);
    return new SimulatedProducer(this.cluster, this.process, options);
  }

  async admin(): Promise<BrokerAdmin> {
    await this.#ask('administration', () => undefined);
    return {
      listTopics: () => this.#ask('the topics', () => [...this.cluster.topics.keys()]),
      createTopics: (topics: readonly TopicDeclaration[]) => this.#ask('new topics', () => topics.forEach(({ topic, partitions }) => this.cluster.create(topic, partitions))),
      endsOf: (topic) => this.#ask('the ends of a topic', () => (this.cluster.topics.get(topic) ?? []).map((log, partition) => ({ partition, low: 0n, high: BigInt(log.length) }))),
      deleteGroup: (group) => this.#ask('the end of a group', () => void this.cluster.groups.delete(group)),
      close: () => Promise.resolve(),
    };
  }

  #ask<R>(what: string, serve: () => R): Promise<R> {
    return this.cluster.ask<R>(this.process, what, ({ resolve }) => resolve(serve()));
  }
}
