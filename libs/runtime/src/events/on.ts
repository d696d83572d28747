import type { Event, EventType } from '@millrace/contracts';
import { EventPattern } from '@nestjs/microservices';

/**
 * Marks the method that handles events of a type: Nest's `@EventPattern` with the payload's type tied to the event's name.
 * The method is called with the checked event, one at a time per key, and again when it failed (see README, "Retries").
 */
export function On<T extends EventType>(type: T) {
  return <M extends (event: Event<T>) => Promise<unknown>>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void => {
    EventPattern<string>(type)(target, key, descriptor as unknown as TypedPropertyDescriptor<(...args: unknown[]) => unknown>);
  };
}
