import { eventCatalogue } from '@millrace/contracts';
import { SeededRandom } from '../../../examples/machine-wear/seeded-random.ts';
import { readTopics } from '../check/read-topics.ts';
import type { TopicRecord } from '../check/facts.ts';
import { quietKafka } from '../platform/quiet-kafka.ts';

const excepted = 'millrace.governance.checkpoint';

/** Sends events that were sent before once more, byte for byte on their own partition, as a relay does that died before it marked them. @returns how many */
export async function sendAgain(brokers: string, { count, seed }: { count: number; seed: number }): Promise<number> {
  const topics = [...new Set(Object.values(eventCatalogue).map(({ topic }) => topic))].filter((topic) => topic !== excepted);
  const records = (await readTopics(brokers, topics)).filter(({ headers }) => headers['ce_id'] !== undefined);
  if (records.length === 0) return 0;
  const random = new SeededRandom(seed);
  const chosen = Array.from({ length: count }, () => random.pick(records));
  const producer = quietKafka('again', brokers).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    for (const { topic, ...record } of chosen) await producer.send({ topic, messages: [message(record)] });
  } finally {
    await producer.disconnect();
  }
  return chosen.length;
}

function message({ partition, key, value, headers }: Omit<TopicRecord, 'topic'>): { partition: number; key: string | null; value: Buffer | null; headers: Record<string, string> } {
  return { partition, key, value, headers };
}
