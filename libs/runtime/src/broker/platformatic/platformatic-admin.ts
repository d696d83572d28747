import { ConfigResourceTypes } from '@platformatic/kafka';
import type { Admin } from '@platformatic/kafka';
import type { BrokerAdmin, TopicDeclaration } from '../broker.js';
import type { TopicNames } from '../topic-names.js';

/** Kafka's numbers for "the first" and "behind the last" in a request for offsets. */
const earliest = -2n;
const latest = -1n;

export function adminOf(admin: Admin, names: TopicNames): BrokerAdmin {
  return {
    listTopics: async () => (await admin.listTopics()).filter((name) => name.startsWith(names.prefix)).map((name) => names.plain(name)),
    // One request each: settings hold for all topics of a request.
    createTopics: async (topics: readonly TopicDeclaration[]) => void (await Promise.all(topics.map((topic) => createTopic(admin, names, topic)))),
    endsOf: async (topic) => {
      const name = names.onBroker(topic);
      const count = await partitionsOf(admin, name);
      const [low, high] = await Promise.all([earliest, latest].map((timestamp) => offsetsOf(admin, name, count, timestamp)));
      return Array.from({ length: count }, (_, partition) => ({ partition, low: low?.get(partition) ?? 0n, high: high?.get(partition) ?? 0n }));
    },
    describeTopics: (topics, settings) => describeTopics(admin, names, topics, settings),
    deleteGroup: (group) => admin.deleteGroups({ groups: [names.onBroker(group)] }),
    close: () => admin.close(),
  };
}

async function createTopic(admin: Admin, names: TopicNames, { topic, partitions, config = {} }: TopicDeclaration): Promise<void> {
  const configs = Object.entries(config).map(([name, value]) => ({ name, value }));
  try {
    await admin.createTopics({ topics: [{ topic: names.onBroker(topic), partitions, replicas: -1 }], configs });
  } catch (error) {
    if (!/TOPIC_ALREADY_EXISTS|already exists/i.test(textOf(error))) throw error;
  }
  // Until the leader is known, which takes some milliseconds after the answer.
  await partitionsOf(admin, names.onBroker(topic));
}

async function describeTopics(admin: Admin, names: TopicNames, topics: readonly string[], settings: readonly string[]): Promise<TopicDeclaration[]> {
  const existing = new Set(await admin.listTopics());
  const asked = topics.filter((topic) => existing.has(names.onBroker(topic)));
  if (asked.length === 0) return [];
  const metadata = await admin.metadata({ topics: asked.map((topic) => names.onBroker(topic)), forceUpdate: true });
  const resources = asked.map((topic) => ({ resourceType: ConfigResourceTypes.TOPIC, resourceName: names.onBroker(topic), configurationKeys: [...settings] }));
  const described = new Map((await admin.describeConfigs({ resources })).map(({ resourceName, configs }) => [resourceName, Object.fromEntries(configs.map(({ name, value }) => [name, value ?? '']))]));
  return asked.map((topic) => ({ topic, partitions: metadata.topics.get(names.onBroker(topic))?.partitionsCount ?? 0, config: described.get(names.onBroker(topic)) ?? {} }));
}

async function partitionsOf(admin: Admin, name: string): Promise<number> {
  const metadata = await admin.metadata({ topics: [name], forceUpdate: true });
  return metadata.topics.get(name)?.partitionsCount ?? 0;
}

async function offsetsOf(admin: Admin, name: string, count: number, timestamp: bigint): Promise<Map<number, bigint>> {
  const partitions = Array.from({ length: count }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
  const [topic] = await admin.listOffsets({ topics: [{ name, partitions }] });
  return new Map(topic?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
}

/** Its errors hold others. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  const { apiId, response } = error as Error & { apiId?: string; response?: { topics?: { errorMessage?: string }[] } };
  return [error.message, apiId, ...(response?.topics ?? []).map(({ errorMessage }) => errorMessage), ...inner.map(textOf), error.cause === undefined ? '' : textOf(error.cause)].join(' ');
}
