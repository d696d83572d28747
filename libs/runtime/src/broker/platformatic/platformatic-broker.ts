import { Admin, compatibilityPartitioner, Consumer, Producer } from '@platformatic/kafka';
import type { BaseOptions, MessageToProduce } from '@platformatic/kafka';
import type { Logger } from 'pino';
import type { Broker, BrokerAdmin, BrokerConsumer, BrokerProducer, ConsumerOptions, ProducerOptions, TopicRecords, Written } from '../broker.js';
import type { NewRecord } from '../data-record.js';
import { AccessRefusals } from '../access-refusals.js';
import type { BrokerSettings } from '../broker-settings.js';
import { heartbeatIntervalOf, rebalanceTimeoutOf } from '../broker-settings.js';
import { TopicNames } from '../topic-names.js';
import { adminOf } from './platformatic-admin.js';
import { PlatformaticConsumer } from './platformatic-consumer.js';

const retryDelayMs = 200;
const metadataMaxAgeMs = 60_000;

type Message = MessageToProduce<Buffer, Buffer, Buffer, Buffer>;

/** Kafka through @platformatic/kafka: the way out of kafkajs, which nobody maintains. */
export class PlatformaticBroker implements Broker {
  readonly #names: TopicNames;
  readonly #refusals: AccessRefusals;

  constructor(
    private readonly settings: BrokerSettings,
    private readonly logger: Logger,
  ) {
    this.#names = new TopicNames(settings.topicPrefix);
    this.#refusals = new AccessRefusals(settings, logger);
  }

  consumer(options: ConsumerOptions): BrokerConsumer {
    const { sessionTimeoutMs } = this.settings;
    const newClient = (): Consumer =>
      new Consumer({
        ...this.#base(3),
        groupId: this.#names.onBroker(options.group),
        autocommit: false,
        sessionTimeout: sessionTimeoutMs,
        heartbeatInterval: heartbeatIntervalOf(sessionTimeoutMs),
        rebalanceTimeout: rebalanceTimeoutOf(sessionTimeoutMs),
        heartbeatStallTimeout: sessionTimeoutMs,
      });
    return new PlatformaticConsumer(newClient, this.#names, options, this.logger, (error) => this.#refusals.tell(error));
  }

  async producer({ retries = 8 }: ProducerOptions = {}): Promise<BrokerProducer> {
    // Its default partitioner places some keys on other partitions than Kafka's own clients and kafkajs do.
    const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({ ...this.#base(retries), idempotent: true, acks: -1, partitioner: compatibilityPartitioner, metadataMaxAge: metadataMaxAgeMs });
    producer.on('error', (error) => this.logger.debug({ err: error }, 'a Kafka producer has a fault'));
    try {
      await producer.initIdempotentProducer({});
    } catch (error) {
      await producer.close().catch(() => undefined);
      throw this.#refusals.tell(error);
    }
    let last: Promise<unknown> = Promise.resolve();
    const send = async (topics: readonly TopicRecords[]): Promise<Written[]> => {
      const messages = topics.flatMap(({ topic, records }) => records.map((record) => messageOf(this.#names.onBroker(topic), record)));
      const { offsets = [] } = await this.#refusals.explained(producer.send({ messages }));
      return offsets.map(({ topic, partition, offset }) => ({ topic: this.#names.plain(topic), partition, baseOffset: offset }));
    };
    return {
      // One after the other: requests of one producer that overtake each other have their sequence numbers in the wrong order.
      send: (topics) => {
        const sent = last.then(() => send(topics));
        last = sent.catch(() => undefined);
        return sent;
      },
      close: () => producer.close(true),
    };
  }

  async admin(): Promise<BrokerAdmin> {
    const admin = new Admin(this.#base(3));
    admin.on('error', (error) => this.logger.debug({ err: error }, 'a Kafka admin has a fault'));
    try {
      await admin.connectToBrokers();
    } catch (error) {
      await admin.close().catch(() => undefined);
      throw this.#refusals.tell(error);
    }
    return adminOf(admin, this.#names);
  }

  #base(retries: number): BaseOptions {
    const { clientId, brokers, security } = this.settings;
    return {
      clientId,
      bootstrapBrokers: [...brokers],
      connectTimeout: 3_000,
      requestTimeout: 10_000,
      timeout: 10_000,
      retries,
      retryDelay: retryDelayMs,
      ...(security.tls ? { tls: security.tls.ca === undefined ? {} : { ca: security.tls.ca } } : {}),
      ...(security.sasl ? { sasl: security.sasl } : {}),
    };
  }
}

function messageOf(topic: string, { key, value, headers = {}, partition }: NewRecord): Message {
  return {
    topic,
    ...(key === null ? {} : { key: Buffer.from(key) }),
    ...(value === null ? {} : { value: Buffer.from(value) }),
    headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    ...(partition === undefined ? {} : { partition }),
  };
}
