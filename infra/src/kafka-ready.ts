import { setTimeout as pause } from 'node:timers/promises';
import { adminClient } from './kafka-sign-in.js';
import type { KafkaSignIn } from './kafka-sign-in.js';
import { LaunchError } from './launch-error.js';

const patienceMs = 60_000;

/**
 * Resolves when the broker answers for a consumer group: asking for a group's offsets makes it create its offsets topic,
 * which else the first consumer would wait for ("coordinator is loading").
 * @param stillRunning asked between tries, so that waiting ends with the process
 */
export async function kafkaReady(brokers: string, stillRunning: () => boolean, signIn?: KafkaSignIn): Promise<void> {
  const deadline = Date.now() + patienceMs;
  const kafka = adminClient([brokers], signIn);
  while (stillRunning()) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      await admin.listTopics(); // fetchOffsets alone does not learn the brokers
      await admin.fetchOffsets({ groupId: 'millrace.launcher', topics: [] });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new LaunchError(`Kafka does not answer at ${brokers} after ${patienceMs / 1000} s: ${(error as Error).message}.`);
      await pause(50);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
