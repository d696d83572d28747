import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { eventCatalogue } from '@millrace/contracts';
import type { ServiceName } from '@millrace/infra';
import type { StrangerData } from './stranger.ts';

/** How long it may take to join and to leave, beside the time that it stays; then its connections are cut, and the group loses it with its session. */
const besidesMs = 20_000;

/** A stranger in a service's consumer group for a while: two rebalances in the middle of work. In a thread of its own, so that it is gone afterwards even if it could not leave. */
export async function joinGroup(brokers: string, { service, durationMs }: { service: ServiceName; durationMs: number }): Promise<string> {
  const topics = [...new Set(Object.values(eventCatalogue).filter(({ consumers }) => (consumers as readonly string[]).includes(service)).map(({ topic }) => topic))];
  const workerData: StrangerData = { brokers, groupId: `millrace.${service}`, topics, durationMs };
  const stranger = new Worker(new URL('./stranger.ts', import.meta.url), { workerData, stderr: true });
  const ended = once(stranger, 'exit').then(() => 'left by itself', (error: Error) => `failed: ${error.message}`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('was cut off'), durationMs + besidesMs);
  });
  try {
    return `a stranger came into its group for ${durationMs} ms and ${await Promise.race([ended, late])}`;
  } finally {
    clearTimeout(timer);
    await stranger.terminate();
  }
}
