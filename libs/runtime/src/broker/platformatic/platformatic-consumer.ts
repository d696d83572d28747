import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerGroupJoinPayload } from '@platformatic/kafka';
import type { Logger } from 'pino';
import type { BrokerConsumer, ConsumerOptions, TopicPartition } from '../broker.js';
import type { TopicNames } from '../topic-names.js';
import { PartitionReader } from './partition-reader.js';

const firstDelayMs = 200;
const longestDelayMs = 5_000;
const quickDelayUpTo = 6;

/** A member of a group that is made again whenever the client gives up, and tries until Kafka is there. Heartbeats are the client's. */
export class PlatformaticConsumer implements BrokerConsumer {
  #client: Consumer | undefined;
  #reader: PartitionReader | undefined;
  #isJoined = false;
  readonly #stopping = new AbortController();
  #connecting: Promise<void> = Promise.resolve();
  /** Batches in hand, of every reader. */
  readonly #handing = new Set<Promise<void>>();

  constructor(
    private readonly newClient: () => Consumer,
    private readonly names: TopicNames,
    private readonly options: ConsumerOptions,
    private readonly logger: Logger,
    /** Hears of each error that ends an attempt. */
    private readonly failed: (error: unknown) => void,
  ) {}

  get isJoined(): boolean {
    return this.#isJoined;
  }

  start(): void {
    this.#connecting = this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#connecting;
    this.#reader?.stop();
    await Promise.all(this.#handing);
    await this.#leave();
  }

  seek(place: TopicPartition, offset: bigint): void {
    this.#reader?.seek(place, offset);
  }

  async #connect(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await this.#join();
      } catch (error) {
        this.failed(error);
        this.logger[failures < quickDelayUpTo ? 'debug' : 'warn']({ err: error, group: this.options.group }, 'cannot read from Kafka yet');
        await this.#leave();
        await delay(Math.min(longestDelayMs, firstDelayMs * 2 ** failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #join(): Promise<void> {
    const client = this.newClient();
    this.#client = client;
    const ifCurrent = (act: () => void) => (): void => (client === this.#client ? act() : undefined);
    client.on('error', ifCurrent(() => this.#beginAgain()));
    client.on('consumer:heartbeat:stalled', ifCurrent(() => this.#beginAgain()));
    client.on('consumer:group:rebalance', ifCurrent(() => (this.#isJoined = false)));
    client.on('consumer:group:join', (payload) => (client === this.#client ? this.#joined(client, payload) : undefined));
    const topics = this.options.topics.map((topic) => this.names.onBroker(topic));
    await client.metadata({ topics });
    client.topics.trackAll(...topics);
    await client.joinGroup({});
  }

  #beginAgain(): void {
    if (this.#stopping.signal.aborted) return;
    this.#connecting = this.#leave().then(() => this.#connect());
  }

  #joined(client: Consumer, { assignments = [] }: ConsumerGroupJoinPayload): void {
    const places = assignments.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic: this.names.plain(topic), partition })));
    const before = this.#reader;
    before?.stop();
    this.#isJoined = true;
    this.#reader = new PartitionReader({ client, names: this.names, options: this.options, logger: this.logger, handing: this.#handing }, places);
    this.options.joined?.(places);
    this.#reader.start(before);
  }

  async #leave(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#isJoined = false;
    this.#reader?.stop();
    this.#reader = undefined;
    await client?.close(true).catch(() => undefined);
  }
}
