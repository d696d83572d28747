import type { Event, EventType } from '@millrace/contracts';

/** Where an event was read. */
export interface EventOrigin {
  /** Without the topic prefix. */
  topic: string;
  partition: number;
  offset: bigint;
  /** Set when the event comes from the table `parked`: its row, which goes when the event is handled. */
  parkedPosition?: number;
  /** Trace of the request that had a dead letter tried again. */
  replayTraceparent?: string;
}

const origins = new WeakMap<object, EventOrigin>();

/** Topic, partition and offset of an event that a handler was given; undefined for an event made by hand. */
export function originOf(event: Event<EventType>): EventOrigin | undefined {
  return origins.get(event);
}

export function setOrigin(event: Event<EventType>, origin: EventOrigin): void {
  origins.set(event, origin);
}
