/** A worker thread that joins a consumer group, handles nothing and commits nothing, and leaves it after a while. */
import { setTimeout as pause } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { quietKafka } from '../platform/quiet-kafka.ts';

export interface StrangerData {
  brokers: string;
  groupId: string;
  topics: readonly string[];
  durationMs: number;
}

const { brokers, groupId, topics, durationMs } = workerData as StrangerData;
const kafka = quietKafka('stranger', brokers);
const admin = kafka.admin();
await admin.connect();
const known = new Set(await admin.listTopics());
await admin.disconnect();
const consumer = kafka.consumer({ groupId, sessionTimeout: 6_000, heartbeatInterval: 1_000 });
await consumer.connect();
await consumer.subscribe({ topics: topics.filter((topic) => known.has(topic)) });
await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
await pause(durationMs);
await consumer.disconnect();
