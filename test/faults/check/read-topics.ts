import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { quietKafka } from '../platform/quiet-kafka.ts';
import type { TopicRecord } from './facts.ts';

/** Reads topics from their first record to what is their last now. Topics that do not exist have no records. */
export async function readTopics(brokers: string, topics: readonly string[]): Promise<TopicRecord[]> {
  const kafka = quietKafka('reader', brokers);
  const missing = await endsOf(kafka, topics);
  const records: TopicRecord[] = [];
  if (missing.size === 0) return records;
  const groupId = `reader-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...new Set([...missing.keys()].map((place) => place.slice(0, place.lastIndexOf('/'))))], fromBeginning: true });
  await new Promise<void>((done, failed) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => (payload.restart ? undefined : failed(payload.error)));
    consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        const { topic, partition, messages } = batch;
        for (const { offset, key, value, headers = {} } of messages) {
          const texts = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)]));
          records.push({ topic, partition, offset: Number(offset), key: key?.toString() ?? null, value, headers: texts });
        }
        const place = `${topic}/${partition}`;
        if (Number(batch.lastOffset()) + 1 >= (missing.get(place) ?? 0)) missing.delete(place);
        if (missing.size === 0) done();
        return Promise.resolve();
      },
    }).catch(failed);
  });
  await consumer.disconnect();
  await withAdmin(kafka, (admin) => admin.deleteGroups([groupId]));
  return unique(records);
}

/** End offsets by `topic/partition` of those that have records. */
export async function endsOf(kafka: Kafka, topics: readonly string[]): Promise<Map<string, number>> {
  return withAdmin(kafka, async (admin) => {
    const known = new Set(await admin.listTopics());
    const ends = new Map<string, number>();
    for (const topic of topics.filter((name) => known.has(name))) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high));
    }
    return ends;
  });
}

async function withAdmin<R>(kafka: Kafka, work: (admin: ReturnType<Kafka['admin']>) => Promise<R>): Promise<R> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** A consumer that had to join again reads some records twice. In order per partition. */
function unique(records: readonly TopicRecord[]): TopicRecord[] {
  const byPlace = new Map(records.map((record) => [`${record.topic}/${record.partition}/${record.offset}`, record]));
  return [...byPlace.values()].sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset);
}
