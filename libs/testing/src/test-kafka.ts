import { randomUUID } from 'node:crypto';
import { cloudEventsVersion, eventCatalogue, eventContentType, eventHeaders } from '@millrace/contracts';
import type { AnyEvent, Event, EventData, EventType } from '@millrace/contracts';
import { eventOfRecord } from '@millrace/runtime';
import type { DataRecord } from '@millrace/runtime';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin, Producer } from 'kafkajs';
import { eventually } from './eventually.js';
import type { TestEnvironment } from './test-environment.js';

/** What a test may say of an event that it sends; the rest is made up. */
export type GivenEvent<T extends EventType = EventType> = { type: T; data: EventData[T] } & Partial<Omit<Event<T>, 'type' | 'data'>>;

/** Kafka from a test's side: sends events and records, and collects what services write. */
export class TestKafka {
  readonly #kafka: Kafka;
  readonly #stops: (() => Promise<unknown>)[] = [];
  #producer: Promise<Producer> | undefined;

  constructor(private readonly environment: TestEnvironment) {
    this.#kafka = new Kafka({ clientId: 'millrace-test', brokers: environment.brokers.split(','), logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 10 } });
  }

  /** Creates topics, without prefix, that do not exist. */
  createTopics(topics: string[], partitions = 1): Promise<void> {
    return this.#withAdmin(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = topics.map((topic) => `${this.environment.topicPrefix}${topic}`).filter((topic) => !existing.has(topic));
      if (missing.length > 0) await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => ({ topic, numPartitions: partitions })) });
    });
  }

  /** Sends events as their producers would, in order. Gives them back complete. */
  async sendEvents(...given: GivenEvent[]): Promise<Event[]> {
    const events = given.map(complete);
    await this.createTopics([...new Set(events.map(({ type }) => eventCatalogue[type].topic))]);
    for (const event of events) await this.sendRecords(eventCatalogue[event.type].topic, [{ key: event.subject, value: JSON.stringify(event.data), headers: headersOf(event) }]);
    return events;
  }

  /** Sends any records to a topic that exists. */
  async sendRecords(topic: string, records: { key: string | null; value: string | Buffer | null; headers?: Record<string, string>; partition?: number }[]): Promise<void> {
    this.#producer ??= this.#connect();
    await (await this.#producer).send({ topic: `${this.environment.topicPrefix}${topic}`, messages: records });
  }

  /** Collects every record of topics from their beginning. The list grows as records come. */
  async collect(...topics: string[]): Promise<DataRecord[]> {
    await this.createTopics(topics);
    const records: DataRecord[] = [];
    const consumer = this.#kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 200 });
    await consumer.connect();
    // A topic that a service is making at this moment is listed before each broker knows it, and kafkajs asks once.
    await eventually(() => consumer.subscribe({ topics: topics.map((topic) => `${this.environment.topicPrefix}${topic}`), fromBeginning: true }));
    await consumer.run({
      eachMessage: ({ topic, partition, message }) => {
        const headers = Object.fromEntries(Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]));
        records.push({
          topic: topic.slice(this.environment.topicPrefix.length),
          partition,
          offset: BigInt(message.offset),
          key: message.key?.toString() ?? null,
          value: message.value,
          headers,
          timestampMs: Number(message.timestamp),
        });
        return Promise.resolve();
      },
    });
    this.#stops.push(() => consumer.disconnect());
    return records;
  }

  /** Collects the events of these types; the function gives those that have come, in order of arrival. */
  async collectEvents(...types: EventType[]): Promise<() => AnyEvent[]> {
    const records = await this.collect(...new Set(types.map((type) => eventCatalogue[type].topic)));
    return () => records.filter(({ headers }) => types.includes(headers[eventHeaders.type] as EventType)).map(eventOfRecord);
  }

  /** Offsets committed by a service's group for a topic, by partition. */
  committedOffsets(group: string, topic: string): Promise<{ partition: number; offset: string }[]> {
    return this.#withAdmin(async (admin) => {
      const [found] = await admin.fetchOffsets({ groupId: `${this.environment.topicPrefix}${group}`, topics: [`${this.environment.topicPrefix}${topic}`] });
      return found?.partitions.map(({ partition, offset }) => ({ partition, offset })) ?? [];
    });
  }

  /** Waits until a group has committed everything that is in a topic. */
  async caughtUp(group: string, topic: string, timeoutMs?: number): Promise<void> {
    await eventually(async () => {
      const ends = await this.#withAdmin((admin) => admin.fetchTopicOffsets(`${this.environment.topicPrefix}${topic}`));
      const committed = await this.committedOffsets(group, topic);
      for (const { partition, high } of ends) {
        const at = committed.find((one) => one.partition === partition)?.offset ?? '-1';
        if (Number(at) < Number(high)) throw new Error(`${group} is at ${at} of ${high} in ${topic}/${partition}`);
      }
    }, timeoutMs);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
    await (await this.#producer)?.disconnect();
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }

  async #withAdmin<R>(work: (admin: Admin) => Promise<R>): Promise<R> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

function complete<T extends EventType>(given: GivenEvent<T>): Event<T> {
  const { producer, key } = eventCatalogue[given.type];
  const subject = String((given.data as unknown as Record<string, unknown>)[key]);
  const id = randomUUID();
  return {
    id,
    source: `/millrace/${producer}`,
    time: new Date().toISOString(),
    subject,
    project: subject.split('/')[0] ?? 'default',
    actor: `service:${producer}`,
    correlationId: id,
    ...given,
  };
}

function headersOf(event: Event): Record<string, string> {
  const { id, type, source, time, subject, project, actor, correlationId, causationId, pipelineVersion, traceparent } = event;
  const attributes = { id, type, source, time, subject, project, actor, correlationId, causationId, pipelineVersion, traceparent };
  const present = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    [eventHeaders.specVersion]: cloudEventsVersion,
    [eventHeaders.contentType]: eventContentType,
    ...Object.fromEntries(present.map(([name, value]) => [eventHeaders[name as keyof typeof eventHeaders], String(value)])),
  };
}
