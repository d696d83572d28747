import { eventCatalogue } from '@millrace/contracts';
import type { EventType, ServiceName } from '@millrace/contracts';
import type { TopicDeclaration } from '../broker/broker.js';
import type { Settings } from '../settings.js';
import type { KafkaConnection } from './kafka-connection.js';

/** Creates topics that are missing; never alters one. */
export class Topics {
  readonly #known = new Set<string>();

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
    });
    for (const { topic } of unknown) this.#known.add(topic);
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
