import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Admin, Consumer, ConsumerConfig, LogEntry, Producer, ProducerConfig } from 'kafkajs';
import type { ServiceName } from '@millrace/contracts';
import type { Logger } from 'pino';
import type { ServiceIdentity } from '../service-identity.js';
import type { Settings } from '../settings.js';
import { mendIdleTimer } from './idle-timer.js';

/** Something that reads or writes Kafka until it is stopped. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Longest time an idle fetch waits at the broker; data that comes is answered at once. kafkajs beats between fetches only, so it is never above the heartbeat. */
const fetchWaitMs = 1_000;
const heartbeatsPerSession = 4;

/** The one place that makes kafkajs clients: brokers, client id, topic prefix, session time-out. */
export class KafkaConnection {
  readonly prefix: string;
  readonly #kafka: Kafka;
  readonly #sessionTimeoutMs: number;
  readonly #running = new Set<Stoppable>();

  constructor(
    identity: ServiceIdentity,
    settings: Settings<ServiceName>,
    readonly logger: Logger,
  ) {
    mendIdleTimer();
    this.prefix = settings.topicPrefix;
    this.#sessionTimeoutMs = settings.sessionTimeoutMs;
    this.#kafka = new Kafka({
      clientId: `millrace-${identity.name}-${identity.instance}`,
      brokers: [...settings.kafkaBrokers],
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => writeLog(logger, entry),
    });
  }

  /** The topic's or group's name on the broker. */
  name(name: string): string {
    return `${this.prefix}${name}`;
  }

  /** The inverse of `name`. */
  plainName(name: string): string {
    return name.slice(this.prefix.length);
  }

  /** @param options.groupId without prefix */
  consumer(options: ConsumerConfig): Consumer {
    const heartbeatIntervalMs = Math.floor(this.#sessionTimeoutMs / heartbeatsPerSession);
    return this.#kafka.consumer({
      sessionTimeout: this.#sessionTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      rebalanceTimeout: Math.max(this.#sessionTimeoutMs, 10_000),
      maxWaitTimeInMs: Math.min(fetchWaitMs, heartbeatIntervalMs),
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: () => Promise.resolve(true) },
      ...options,
      groupId: this.name(options.groupId),
    });
  }

  producer(options: ProducerConfig = {}): Producer {
    return this.#kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, metadataMaxAge: 60_000, ...options });
  }

  /** Runs something with an admin client of its own. */
  async withAdmin<R>(work: (admin: Admin) => Promise<R>): Promise<R> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
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

function writeLog(logger: Logger, { level, namespace, log }: LogEntry): void {
  const { message, timestamp: _timestamp, logger: _logger, ...fields } = log;
  const isThrownToo = message.startsWith('Response '); // a refused request: whoever made it hears of it, and often expects it
  const write = level === logLevel.ERROR && !isThrownToo ? logger.warn.bind(logger) : logger.debug.bind(logger);
  write({ ...fields, part: `kafka ${namespace}` }, message);
}
