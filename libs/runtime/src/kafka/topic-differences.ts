import type { TopicDeclaration } from '../broker/broker.js';

/** Where a topic on the broker is not as it is declared. */
export interface TopicDifference {
  topic: string;
  /** `partitions` or the name of a Kafka setting. */
  setting: string;
  declared: string;
  found: string;
}

/** Compares what is declared with what is found, setting by setting; what is not declared may be anything, and what was not found is not compared. */
export function topicDifferences(declared: readonly TopicDeclaration[], found: readonly TopicDeclaration[]): TopicDifference[] {
  const byTopic = new Map(found.map((one) => [one.topic, one]));
  return declared.flatMap(({ topic, partitions, config = {} }) => {
    const actual = byTopic.get(topic);
    if (!actual) return [];
    const settings = Object.entries(config).map(([setting, value]) => ({ topic, setting, declared: value, found: actual.config?.[setting] }));
    return [{ topic, setting: 'partitions', declared: String(partitions), found: String(actual.partitions) }, ...settings].filter(
      (one): one is TopicDifference => one.found !== undefined && one.found !== one.declared,
    );
  });
}
