import { cloudEventsVersion, eventCatalogue, eventContentType, eventHeaders } from '@millrace/contracts';
import type { Event, EventType } from '@millrace/contracts';

/** A row of the table `outbox` before it has a position. */
export interface OutboxRow {
  id: string;
  /** Topic without prefix. */
  aggregatetype: string;
  /** Kafka key. */
  aggregateid: string;
  type: string;
  /** JSON text; null is a tombstone. */
  payload: string | null;
  headers: Record<string, string>;
  traceparent: string | null;
}

/** A row of the outbox as the relay reads it. */
export interface UnsentRow {
  position: number;
  /** Topic without prefix. */
  aggregatetype: string;
  aggregateid: string;
  type: string;
  payload: string | null;
  headers: Record<string, string>;
  traceparent: string | null;
}

export function rowOfEvent(event: Event<EventType>): OutboxRow {
  const { topic, key } = eventCatalogue[event.type];
  return {
    id: event.id,
    aggregatetype: topic,
    aggregateid: String((event.data as unknown as Record<string, unknown>)[key]),
    type: event.type,
    payload: JSON.stringify(event.data),
    headers: headersOf(event),
    traceparent: event.traceparent ?? null,
  };
}

/** CloudEvents attributes as Kafka headers (binary mode), without the trace: the relay opens the producer's span. */
export function headersOf(event: Event<EventType>): Record<string, string> {
  return {
    [eventHeaders.specVersion]: cloudEventsVersion,
    [eventHeaders.id]: event.id,
    [eventHeaders.source]: event.source,
    [eventHeaders.type]: event.type,
    [eventHeaders.time]: event.time,
    [eventHeaders.subject]: event.subject,
    [eventHeaders.project]: event.project,
    [eventHeaders.actor]: event.actor,
    [eventHeaders.correlationId]: event.correlationId,
    ...(event.causationId === undefined ? {} : { [eventHeaders.causationId]: event.causationId }),
    ...(event.pipelineVersion === undefined ? {} : { [eventHeaders.pipelineVersion]: String(event.pipelineVersion) }),
    [eventHeaders.contentType]: eventContentType,
  };
}

/** The column `type` of data-plane records. */
export const dataRecordType = 'record';
