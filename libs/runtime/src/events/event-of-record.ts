import { checkReadEvent, eventCatalogue, eventHeaders, MillraceError } from '@millrace/contracts';
import type { AnyEvent, Event, EventData, EventType } from '@millrace/contracts';
import type { DataRecord } from '../broker/data-record.js';
import { setOrigin } from './event-origin.js';

/**
 * Reads a record as a lifecycle event (CloudEvents, Kafka binary mode). Checks as a reader does: fields it does not know are let
 * through. Throws `invalid-event`. `originOf` gives the event's topic, partition and offset.
 */
export function eventOfRecord(record: DataRecord): AnyEvent {
  const { headers } = record;
  const type = required(record, eventHeaders.type);
  if (!isEventType(type)) throw new MillraceError('invalid-event', `${type} is not an event of the contracts`);
  refuseNul(record);
  const data = jsonOf(record);
  checkReadEvent(type, data);
  const pipelineVersion = headers[eventHeaders.pipelineVersion];
  if (pipelineVersion !== undefined && !/^\d{1,9}$/.test(pipelineVersion)) throw new MillraceError('invalid-event', `The header ${eventHeaders.pipelineVersion} is ${pipelineVersion.slice(0, 40)}, not a version`);
  const time = required(record, eventHeaders.time);
  if (Number.isNaN(Date.parse(time))) throw new MillraceError('invalid-event', `The header ${eventHeaders.time} is ${time.slice(0, 40)}, not a time`);
  const id = required(record, eventHeaders.id);
  if (usableId(id) === undefined) throw new MillraceError('invalid-event', `The header ${eventHeaders.id} has more than ${longestIdBytes} bytes`);
  const event: Event<EventType> = {
    id,
    type,
    source: required(record, eventHeaders.source),
    time,
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

/** Ids stand in the inbox's index. */
const longestIdBytes = 500;

/** The id if it can be one; undefined for none, an empty one, and one that no index takes. */
export function usableId(id: string | undefined): string | undefined {
  return id !== undefined && id !== '' && Buffer.byteLength(id) <= longestIdBytes ? id : undefined;
}

export function isEventType(type: string | undefined): type is EventType {
  return type !== undefined && Object.hasOwn(eventCatalogue, type);
}

/** No attribute can be stored or searched with U+0000 in it. */
function refuseNul({ key, headers }: DataRecord): void {
  const [name] = Object.entries({ ...headers, key: key ?? '' }).find(([, text]) => text.includes('\u0000')) ?? [];
  if (name !== undefined) throw new MillraceError('invalid-event', `${name} holds the character U+0000`);
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
