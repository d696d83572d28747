import type { Admin, ConfigResourceTypes } from 'kafkajs';
import type { TopicDeclaration } from '../broker.js';
import type { TopicNames } from '../topic-names.js';

/** `ConfigResourceTypes.TOPIC`: kafkajs is CommonJS, and Node finds no such name in it. */
const topicResource: ConfigResourceTypes.TOPIC = 2;

/** Partitions and some settings of topics; those that do not exist are left out. */
export async function describeTopics(admin: Admin, names: TopicNames, topics: readonly string[], settings: readonly string[]): Promise<TopicDeclaration[]> {
  const existing = new Set(await admin.listTopics());
  const asked = topics.map((topic) => names.onBroker(topic)).filter((topic) => existing.has(topic));
  if (asked.length === 0) return [];
  const [metadata, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: asked }),
    admin.describeConfigs({ includeSynonyms: false, resources: asked.map((name) => ({ type: topicResource, name, configNames: [...settings] })) }),
  ]);
  const found = new Map(configs.resources.map(({ resourceName, configEntries }) => [resourceName, Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue]))]));
  return metadata.topics.map(({ name, partitions }) => ({ topic: names.plain(name), partitions: partitions.length, config: found.get(name) ?? {} }));
}
