import { checkReadEvent, eventCatalogue, eventHeaders, MillraceError } from '@millrace/contracts';
import type { AnyEvent, Event, EventData, EventType } from '@millrace/contracts';
import type { DataRecord } from '../kafka/data-record.js';
import { setOrigin } from './event-origin.js';

/**
 * Reads a record as a lifecycle event (CloudEvents, Kafka binary mode). Checks as a reader does: fields it does not know are let
 * through. Throws `invalid-event`. `originOf` gives the event's topic, partition and offset.
 */
export function eventOfRecord(record: DataRecord): AnyEvent {
  const { headers } = record;
  const type = required(record, eventHeaders.type);
  if (!isEventType(type)) throw new MillraceError('invalid-event', `${type} is not an event of the contracts`);
  const data = jsonOf(record);
  checkReadEvent(type, data);
  const pipelineVersion = headers[eventHeaders.pipelineVersion];
  const event: Event<EventType> = {
    id: required(record, eventHeaders.id),
    type,
    source: required(record, eventHeaders.source),
    time: required(record, eventHeaders.time),
    subject: headers[eventHeaders.subject] ?? record.key ?? '',
    project: required(record, eventHeaders.project),
    actor: required(record, eventHeaders.actor),
    correlationId: required(record, eventHeaders.correlationId),
    ...optional('causationId', headers[eventHeaders.causationId]),
    ...(pipelineVersion === undefined ? {} : { pipelineVersion: Number(pipelineVersion) }),
    ...optional('traceparent', headers[eventHeaders.traceparent]),
    data: data as EventData[EventType],
  };
  setOrigin(event, { topic: record.topic, partition: record.partition, offset: record.offset });
  return event as AnyEvent;
}

export function isEventType(type: string | undefined): type is EventType {
  return type !== undefined && Object.hasOwn(eventCatalogue, type);
}

function required(record: DataRecord, header: string): string {
  const value = record.headers[header];
  if (!value) throw new MillraceError('invalid-event', `The header ${header} is missing`);
  return value;
}

function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>);
}

function jsonOf({ value }: DataRecord): unknown {
  if (value === null) throw new MillraceError('invalid-event', 'The event has no data');
  try {
    return JSON.parse(value.toString());
  } catch (error) {
    throw new MillraceError('invalid-event', 'The data is not JSON', { cause: error });
  }
}
