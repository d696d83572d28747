import type { EventData, EventType } from './generated/events.js';

/** What the catalogue says of an event type. */
export interface EventDescription {
  /** Kafka topic: one per entity, so that an entity's events keep their order. */
  topic: string;
  /** Field of the data that is the Kafka key. */
  key: string;
  producer: string;
  consumers: readonly string[];
  /** `delete`, `compact`, or an ISO 8601 duration. */
  retention: string;
}

/** A lifecycle event: a CloudEvent 1.0 with Millrace's extension attributes, and its data. */
export interface Event<T extends EventType = EventType> {
  /** Unique; delivery is at least once, so consumers remember it. */
  id: string;
  type: T;
  /** `/millrace/<service>` */
  source: string;
  /** RFC 3339, the clock reading of the transaction that emitted it. */
  time: string;
  /** The entity that the event is about: `<project>/<name>` or an id below it. */
  subject: string;
  project: string;
  /** Who caused it: `user:<name>` or `service:<name>`. */
  actor: string;
  /** Names the cascade. */
  correlationId: string;
  /** Id of the event or request that made this one; absent for the first of a cascade. */
  causationId?: string;
  /** Version of the pipeline under which it was decided. */
  pipelineVersion?: number;
  /** W3C trace context. */
  traceparent?: string;
  data: EventData[T];
}

/** An event of any type whose data type follows from `type` by narrowing. */
export type AnyEvent = { [T in EventType]: Event<T> }[EventType];

/** Kafka headers of the CloudEvents attributes (binary mode), by the field of {@link Event} they carry. */
export const eventHeaders = {
  specVersion: 'ce_specversion',
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  time: 'ce_time',
  subject: 'ce_subject',
  project: 'ce_project',
  actor: 'ce_actor',
  correlationId: 'ce_correlationid',
  causationId: 'ce_causationid',
  pipelineVersion: 'ce_pipelineversion',
  contentType: 'content-type',
  traceparent: 'traceparent',
} as const;

export const cloudEventsVersion = '1.0';
export const eventContentType = 'application/json';
