import { eventCatalogue } from '@millrace/contracts';
import type { EventType, ServiceName } from '@millrace/contracts';
import type { BrokerAdmin, TopicDeclaration } from '../broker/broker.js';
import type { Settings } from '../settings.js';
import type { KafkaConnection } from './kafka-connection.js';
import { topicDifferences } from './topic-differences.js';
import type { TopicDifference } from './topic-differences.js';

/** Creates topics that are missing, never alters one, and says where one is not as it is declared. */
export class Topics {
  readonly #known = new Map<string, TopicDeclaration>();
  #differences: TopicDifference[] = [];

  constructor(
    private readonly kafka: KafkaConnection,
    private readonly settings: Settings<ServiceName>,
  ) {}

  /** The topic's name on the broker. */
  name(topic: string): string {
    return this.kafka.name(topic);
  }

  /** Creates those that do not exist. Concurrent creators do not disturb each other. */
  async ensure(topics: readonly TopicDeclaration[]): Promise<void> {
    const unknown = [...new Map(topics.filter(({ topic }) => !this.#known.has(topic)).map((one) => [one.topic, one])).values()];
    if (unknown.length === 0) return;
    await this.kafka.withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = unknown.filter(({ topic }) => !existing.has(topic));
      if (missing.length > 0) await admin.createTopics(missing);
      const present = unknown.filter(({ topic }) => existing.has(topic));
      // Who creates topics need not be allowed to read their settings.
      await this.#compare(admin, present).catch((error: unknown) => this.kafka.logger.debug({ err: error }, 'topics could not be compared with their declarations'));
    });
    for (const one of unknown) this.#known.set(one.topic, one);
  }

  /** Topics that this process has declared so far, by name. */
  get declared(): TopicDeclaration[] {
    return [...this.#known.values()].sort((a, b) => a.topic.localeCompare(b.topic));
  }

  /** Differences as of the last comparison. */
  get differences(): readonly TopicDifference[] {
    return this.#differences;
  }

  /** Compares all topics that were declared with what the broker has. Rejects when the broker does not say. */
  async compare(): Promise<readonly TopicDifference[]> {
    await this.kafka.withAdmin((admin) => this.#compare(admin, [...this.#known.values()]));
    return this.#differences;
  }

  /** Logs what differs, once. */
  async #compare(admin: BrokerAdmin, declared: readonly TopicDeclaration[]): Promise<void> {
    if (!admin.describeTopics || declared.length === 0) return;
    const names = declared.map(({ topic }) => topic);
    const settings = [...new Set(declared.flatMap(({ config = {} }) => Object.keys(config)))];
    const now = topicDifferences(declared, await admin.describeTopics(names, settings));
    const keyOf = ({ topic, setting, found }: TopicDifference): string => `${topic} ${setting} ${found}`;
    const known = new Set(this.#differences.map(keyOf));
    for (const one of now) if (!known.has(keyOf(one))) this.kafka.logger.warn(one, 'a topic is not as it is declared; it is left as it is');
    this.#differences = [...this.#differences.filter(({ topic }) => !names.includes(topic)), ...now];
  }

  /** Creates the topics of these event types as the contracts declare them. */
  async ensureEvents(types: readonly EventType[]): Promise<void> {
    const declarations = types.map((type) => {
      const { topic, retention } = eventCatalogue[type];
      return { topic, partitions: this.settings.defaultPartitions, config: configOfRetention(retention) };
    });
    await this.ensure(declarations);
  }
}

/** `compact` keeps the last record of each key; anything else is deleted by Kafka's own retention. */
function configOfRetention(retention: string): Record<string, string> {
  if (retention === 'compact') return { 'cleanup.policy': 'compact' };
  const days = /^P(\d+)D$/.exec(retention)?.[1];
  return days === undefined ? {} : { 'retention.ms': String(Number(days) * 86_400_000) };
}
