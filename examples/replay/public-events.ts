import { Kafka, logLevel, type Consumer } from 'kafkajs';
import type { KafkaAccess } from './platform-client.ts';

/** A lifecycle event as any subscriber sees it: CloudEvents in Kafka's binary mode. */
export interface PublicEvent { id: string; type: string; timeMs: number; correlation: string; data: Record<string, any> }

/** Subscribes to the documented lifecycle topics like any other team: it reads, it triggers nothing. */
export class PublicEvents {
  private readonly seen: PublicEvent[] = [];
  private readonly listeners = new Set<(event: PublicEvent) => void>();
  private readonly consumer: Consumer;

  private constructor(consumer: Consumer) {
    this.consumer = consumer;
  }

  /** @param group where access is switched on it begins with the user's name */
  static async follow(access: KafkaAccess, group = `flight-demo-${process.pid}`): Promise<PublicEvents> {
    const kafka = new Kafka({ clientId: 'flight-demo', ...access, logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => /^millrace\.(?!data\.)/.test(topic) && !/dead-letter$|feature-value$|pipeline-part$/.test(topic));
    await admin.disconnect();
    const consumer = kafka.consumer({ groupId: group, retry: { retries: 20 } });
    const events = new PublicEvents(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => events.take(message.headers ?? {}, message.value) });
    return events;
  }

  /** Calls `listener` for every event from now on. */
  onEvent(listener: (event: PublicEvent) => void): void {
    this.listeners.add(listener);
  }

  all(type: string): PublicEvent[] {
    return this.seen.filter((event) => event.type === type);
  }

  /** The first event, past or future, that `matches`; fails with `what` when none comes in time. */
  async first(what: string, timeoutMs: number, matches: (event: PublicEvent) => boolean): Promise<PublicEvent> {
    const past = this.seen.find(matches);
    if (past) return past;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => { this.listeners.delete(listener); reject(new Error(`Waited ${timeoutMs / 1000} s for ${what}. See the logs named above.`)); }, timeoutMs);
      const listener = (event: PublicEvent): void => {
        if (!matches(event)) return;
        clearTimeout(timer);
        this.listeners.delete(listener);
        resolve(event);
      };
      this.listeners.add(listener);
    });
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }

  private take(headers: Record<string, unknown>, value: Buffer | null): void {
    if (!value) return;
    const header = (name: string): string => String(headers[name] ?? '');
    const event: PublicEvent = { id: header('ce_id'), type: header('ce_type'), timeMs: Date.parse(header('ce_time')), correlation: header('ce_correlationid'), data: JSON.parse(value.toString()) };
    this.seen.push(event);
    for (const listener of [...this.listeners]) listener(event);
  }
}
