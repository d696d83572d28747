import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Admin, ConsumerConfig, KafkaConfig, LogEntry, SASLOptions } from 'kafkajs';
import type { Logger } from 'pino';
import type { Broker, BrokerAdmin, BrokerConsumer, BrokerProducer, ConsumerOptions, PartitionEnds, ProducerOptions, TopicDeclaration, TopicRecords, Written } from '../broker.js';
import { AccessRefusals } from '../access-refusals.js';
import type { BrokerSecurity } from '../broker-security.js';
import type { BrokerSettings } from '../broker-settings.js';
import { fetchWaitMs, heartbeatIntervalOf, rebalanceTimeoutOf } from '../broker-settings.js';
import { TopicNames } from '../topic-names.js';
import { mendIdleTimer } from './idle-timer.js';
import { mendRecordEncoder } from './lean-records.js';
import { mendWaitWhilePaused } from './wait-while-paused.js';
import { KafkajsBatchProducer } from './kafkajs-batch-producer.js';
import { KafkajsConsumer } from './kafkajs-consumer.js';
import { describeTopics } from './describe-topics.js';
import { packedSocketFactory } from './packed-fetch.js';

/** Producers ask for the topics' partitions this often without being told to. */
const metadataMaxAgeMs = 60_000;

/** Kafka through kafkajs. */
export class KafkajsBroker implements Broker {
  readonly #kafka: Kafka;
  readonly #names: TopicNames;
  readonly #refusals: AccessRefusals;

  constructor(
    private readonly settings: BrokerSettings,
    private readonly logger: Logger,
  ) {
    mendIdleTimer();
    mendRecordEncoder();
    mendWaitWhilePaused();
    this.#names = new TopicNames(settings.topicPrefix);
    this.#refusals = new AccessRefusals(settings, logger);
    this.#kafka = new Kafka({
      clientId: settings.clientId,
      brokers: [...settings.brokers],
      ...securityOf(settings.security),
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      socketFactory: packedSocketFactory(),
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => writeLog(logger, entry),
    });
  }

  consumer(options: ConsumerOptions): BrokerConsumer {
    return new KafkajsConsumer(() => this.#kafka.consumer(this.#configOf(options)), this.#names, options, this.logger, (error) => this.#refusals.tell(error));
  }

  #configOf({ group, partitionFetchBytes }: ConsumerOptions): ConsumerConfig {
    const { sessionTimeoutMs } = this.settings;
    const heartbeatInterval = heartbeatIntervalOf(sessionTimeoutMs);
    return {
      groupId: this.#names.onBroker(group),
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval,
      rebalanceTimeout: rebalanceTimeoutOf(sessionTimeoutMs),
      // kafkajs beats between fetches only, so an idle fetch is never longer than a heartbeat.
      maxWaitTimeInMs: Math.min(fetchWaitMs, heartbeatInterval),
      ...(partitionFetchBytes === undefined ? {} : { maxBytesPerPartition: partitionFetchBytes }),
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: () => Promise.resolve(true) },
    };
  }

  async producer({ retries = 8 }: ProducerOptions = {}): Promise<BrokerProducer> {
    const producer = this.#kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      metadataMaxAge: metadataMaxAgeMs,
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries },
    });
    await this.#refusals.explained(producer.connect());
    return {
      send: async (topics: readonly TopicRecords[]): Promise<Written[]> => {
        const topicMessages = topics.map(({ topic, records }) => ({ topic: this.#names.onBroker(topic), messages: [...records] }));
        const written = await this.#refusals.explained(producer.sendBatch({ acks: -1, topicMessages }));
        return written.map(({ topicName, partition, baseOffset }) => ({ topic: this.#names.plain(topicName), partition, baseOffset: BigInt(baseOffset ?? -1) }));
      },
      close: () => producer.disconnect(),
    };
  }

  batchProducer(): Promise<KafkajsBatchProducer> {
    return this.#refusals.explained(KafkajsBatchProducer.connect(this.#kafka, this.#names));
  }

  async admin(): Promise<BrokerAdmin> {
    const admin = this.#kafka.admin();
    await this.#refusals.explained(admin.connect());
    return adminOf(admin, this.#names);
  }
}

function adminOf(admin: Admin, names: TopicNames): BrokerAdmin {
  return {
    listTopics: async () => (await admin.listTopics()).filter((name) => name.startsWith(names.prefix)).map((name) => names.plain(name)),
    createTopics: async (topics: readonly TopicDeclaration[]) => {
      const declarations = topics.map(({ topic, partitions, config = {} }) => ({
        topic: names.onBroker(topic),
        numPartitions: partitions,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      }));
      await admin.createTopics({ waitForLeaders: true, topics: declarations });
    },
    endsOf: async (topic): Promise<PartitionEnds[]> => {
      const offsets = await admin.fetchTopicOffsets(names.onBroker(topic));
      return offsets.map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) })).sort((one, other) => one.partition - other.partition);
    },
    describeTopics: (topics, settings) => describeTopics(admin, names, topics, settings),
    deleteGroup: async (group) => void (await admin.deleteGroups([names.onBroker(group)])),
    close: () => admin.disconnect(),
  };
}

function securityOf({ tls, sasl }: BrokerSecurity): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const mechanisms = { 'SCRAM-SHA-512': 'scram-sha-512', 'SCRAM-SHA-256': 'scram-sha-256', PLAIN: 'plain' } as const;
  return {
    ...(tls ? { ssl: { ...tls, rejectUnauthorized: true } } : {}),
    ...(sasl ? { sasl: { username: sasl.username, password: sasl.password, mechanism: mechanisms[sasl.mechanism] } as SASLOptions } : {}),
  };
}

function writeLog(logger: Logger, { level, namespace, log }: LogEntry): void {
  const { message, timestamp: _timestamp, logger: _logger, ...fields } = log;
  const isThrownToo = message.startsWith('Response '); // a refused request: whoever made it hears of it, and often expects it
  const write = level === logLevel.ERROR && !isThrownToo ? logger.warn.bind(logger) : logger.debug.bind(logger);
  write({ ...fields, part: `kafka ${namespace}` }, message);
}
