import { setTimeout as pause } from 'node:timers/promises';
import { eventCatalogue } from '@millrace/contracts';
import type { ServiceName } from '@millrace/infra';
import { quietKafka } from '../platform/quiet-kafka.ts';

/** Joins a service's consumer group for a while, handles nothing and commits nothing, and leaves: two rebalances in the middle of work. */
export async function joinGroup(brokers: string, { service, durationMs }: { service: ServiceName; durationMs: number }): Promise<string> {
  const topics = [...new Set(Object.values(eventCatalogue).filter(({ consumers }) => (consumers as readonly string[]).includes(service)).map(({ topic }) => topic))];
  const kafka = quietKafka('stranger', brokers);
  const consumer = kafka.consumer({ groupId: `millrace.${service}`, sessionTimeout: 6_000, heartbeatInterval: 1_000, retry: { retries: 2 } });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: await existing(kafka, topics) });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    await pause(durationMs);
    return `a stranger was in its group for ${durationMs} ms`;
  } finally {
    await consumer.disconnect();
  }
}

async function existing(kafka: ReturnType<typeof quietKafka>, topics: string[]): Promise<string[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const known = new Set(await admin.listTopics());
    return topics.filter((topic) => known.has(topic));
  } finally {
    await admin.disconnect();
  }
}
