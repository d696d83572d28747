import type { DeadLetterReason, DeadLetterRecorded, Event, ServiceName } from '@millrace/contracts';
import type { NewDeadLetter } from '../store/service-store.js';
import { traceIdOf } from '../observe/trace-context.js';
import { cascadeOfRecord } from './cascade-of-record.js';
import { writtenValue } from './record-content.js';

/** Every service has the same three events; this stands for all of them, so that their data are checked by the compiler. */
type DeadLetterEventType = 'millrace.training.dead-letter.recorded.v1' | 'millrace.training.dead-letter.replayed.v1' | 'millrace.training.dead-letter.dropped.v1';

/** What an event may hold of a record; the rest of it stays in the service's table. */
const largestContentCharacters = 600_000;
const largestHeadersCharacters = 200_000;
const longestDetail = 2_000;

/** Type of a service's own event about its dead letters. */
export function deadLetterEventType<V extends 'recorded' | 'replayed' | 'dropped'>(service: ServiceName, verb: V): Extract<DeadLetterEventType, `${string}.${V}.v1`> {
  return `millrace.${service}.dead-letter.${verb}.v1` as Extract<DeadLetterEventType, `${string}.${V}.v1`>;
}

/** The event that a service gives an event up: in the same cascade and trace, with the record as it was read. */
export function deadLetterRecorded(service: ServiceName, letter: NewDeadLetter, id: string, now: Date): Event<DeadLetterEventType> {
  const { headers } = letter.record;
  const { project, correlationId, eventId } = cascadeOfRecord(headers);
  const traceparent = headers['traceparent'];
  return {
    id,
    type: deadLetterEventType(service, 'recorded'),
    source: `/millrace/${service}`,
    time: now.toISOString(),
    subject: letter.id,
    project,
    actor: `service:${service}`,
    correlationId: correlationId ?? letter.id,
    ...(eventId === null ? {} : { causationId: eventId }),
    ...(traceIdOf(traceparent) === undefined || traceparent === undefined ? {} : { traceparent }),
    data: recordedData(service, letter),
  };
}

/** Why an event failed, as contracts say it. */
export function reasonOf(because: object): DeadLetterReason {
  const { code, kind, detail, cause } = because as Record<string, unknown>;
  const text = (value: unknown): string => String(value ?? '').slice(0, longestDetail);
  return { code: text(code), kind: text(kind), detail: text(detail), cause: cause === undefined || cause === null ? null : text(cause) };
}

function recordedData(service: ServiceName, { id, record, eventId, type, attempt, because }: NewDeadLetter): DeadLetterRecorded {
  const { topic, partition, offset, key, value, headers } = record;
  const written = writtenValue(value);
  const isKept = JSON.stringify(written.value).length <= largestContentCharacters;
  return {
    deadLetter: id,
    service,
    topic,
    partition,
    offset: Number(offset),
    key,
    eventId,
    type,
    attempts: attempt,
    because: reasonOf(because),
    headers: JSON.stringify(headers).length <= largestHeadersCharacters ? headers : {},
    ...written,
    value: isKept ? written.value : null,
  };
}
