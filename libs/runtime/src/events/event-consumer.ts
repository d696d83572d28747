import type { AnyEvent, EventType } from '@millrace/contracts';
/** Runs the handler of one event. */
export type EventHandler = (event: AnyEvent) => Promise<void>;
export class EventConsumer {
  start(_handlers: Map<EventType, EventHandler>): void {}
  stop(): Promise<void> { return Promise.resolve(); }
}
