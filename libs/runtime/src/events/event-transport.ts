import type { EventType } from '@millrace/contracts';
import { eventCatalogue, MillraceError } from '@millrace/contracts';
import { Server } from '@nestjs/microservices';
import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { EventConsumer } from './event-consumer.js';
import { isEventType } from './event-of-record.js';

/** Nest's door for `@On` handlers: hands them to the consumer, which reads Kafka. */
export class EventTransport extends Server implements CustomTransportStrategy {
  constructor(private readonly consumer: EventConsumer) {
    super();
  }

  /** Begins to read in the background: a service also starts while Kafka is away, and says so in its readiness. */
  listen(callback: () => void): void {
    this.consumer.start(new Map([...this.messageHandlers].map(([type, handler]) => [eventTypeOf(type), (event) => run(handler, event)])));
    callback();
  }

  async close(): Promise<void> {
    await this.consumer.stop();
  }

  override on(): void {
    throw new Error('The event transport has no events of its own');
  }

  override unwrap<T>(): T {
    return this.consumer as T;
  }
}

async function run(handler: MessageHandler, event: unknown): Promise<void> {
  const result: unknown = await handler(event);
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}

function isObservable(value: unknown): value is Parameters<typeof lastValueFrom>[0] {
  return typeof value === 'object' && value !== null && 'subscribe' in value;
}

function eventTypeOf(pattern: string): EventType {
  if (!isEventType(pattern)) throw new MillraceError('invalid-event', `@On('${pattern}') names no event of the contracts; there are ${Object.keys(eventCatalogue).length}`);
  return pattern;
}
