import type { RecordFlaw } from './record-flaw.js';

const JSON_TYPE = /^(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const STRUCTURED_TYPE = /^application\/cloudevents\+json\s*(?:;|$)/i;
const BATCH_TYPE = /^application\/cloudevents-batch\b/i;
const ANY_CLOUD_EVENT_TYPE = /^application\/cloudevents/i;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const REQUIRED = ['id', 'source', 'type'] as const;

/** Headers and value of a record as text; null: no value. */
export interface WrittenRecord {
  headers: Readonly<Record<string, string>>;
  text: string | null;
}

/**
 * The data of a record that came as plain JSON, or as a CloudEvent 1.0 in binary or structured mode, as JSON text (null: none). The mode is told by the
 * headers as the Kafka protocol binding says: `content-type: application/cloudevents+json` is structured, `ce_` headers are binary, anything else is plain.
 * Attributes are checked and then left behind: a record's key, event time and identity are its columns' and its offset's (decision record 0011).
 */
export function dataOfRecord({ headers, text }: WrittenRecord): string | null | RecordFlaw {
  const contentType = headers['content-type'];
  if (contentType !== undefined && ANY_CLOUD_EVENT_TYPE.test(contentType)) return dataOfStructured(contentType, text);
  if (!hasAttributes(headers)) return text;
  return flawOfAttributes((name) => headers[`ce_${name}`], contentType) ?? text;
}

/** Whether a record's value is its data as it stands; else `dataOfRecord` must say what the data is, or what is wrong. */
export function isPlainRecord(headers: Readonly<Record<string, string>>): boolean {
  const contentType = headers['content-type'];
  return (contentType === undefined || !ANY_CLOUD_EVENT_TYPE.test(contentType)) && !hasAttributes(headers);
}

function hasAttributes(headers: Readonly<Record<string, string>>): boolean {
  return headers['ce_specversion'] !== undefined || headers['ce_id'] !== undefined || headers['ce_source'] !== undefined || headers['ce_type'] !== undefined;
}

/** The headers that say how a record's value is to be read: without them it cannot be judged again. */
export function envelopeHeadersOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name === 'content-type' || name.startsWith('ce_')));
}

function dataOfStructured(contentType: string, text: string | null): string | null | RecordFlaw {
  if (BATCH_TYPE.test(contentType)) return { code: 'cloudevents-batch', detail: 'The record is a batch of CloudEvents; send each event as a record of its own' };
  if (!STRUCTURED_TYPE.test(contentType)) return unsupported(contentType);
  if (text === null) return null;
  const event = objectOf(text);
  if ('flaw' in event) return event.flaw;
  const { datacontenttype, data, data_base64: base64 } = event.values;
  return flawOfAttributes((name) => event.values[name], datacontenttype) ?? dataOf(data, base64);
}

function objectOf(text: string): { values: Record<string, unknown> } | { flaw: RecordFlaw } {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    return { flaw: broken(`the envelope is not JSON: ${(error as Error).message}`) };
  }
  return typeof event === 'object' && event !== null && !Array.isArray(event) ? { values: event as Record<string, unknown> } : { flaw: broken('the envelope is not a JSON object') };
}

function flawOfAttributes(attribute: (name: string) => unknown, contentType: unknown): RecordFlaw | null {
  const version = attribute('specversion');
  if (version === undefined) return broken('specversion is missing');
  if (version !== '1.0') return { code: 'unsupported-specversion', detail: `The CloudEvent is of version ${shown(version)}; 1.0 is read` };
  const missing = REQUIRED.find((name) => attribute(name) === undefined || attribute(name) === '');
  if (missing) return broken(`${missing} is missing`);
  const notText = REQUIRED.find((name) => typeof attribute(name) !== 'string');
  if (notText) return broken(`${notText} is not a text`);
  const time = attribute('time') ?? null;
  if (time !== null && !(typeof time === 'string' && TIME.test(time) && !Number.isNaN(Date.parse(time)))) return broken(`time is ${shown(time)}, which names no instant`);
  if (contentType === undefined || contentType === null) return null; // then it is JSON
  return typeof contentType === 'string' && JSON_TYPE.test(contentType) ? null : unsupported(contentType);
}

function dataOf(data: unknown, base64: unknown): string | null | RecordFlaw {
  if (base64 === undefined) return data === undefined || data === null ? null : JSON.stringify(data);
  if (data !== undefined) return broken('it has data and data_base64');
  if (typeof base64 !== 'string') return broken('data_base64 is not a text');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return broken('data_base64 is not text in UTF-8');
  }
}

function broken(because: string): RecordFlaw {
  return { code: 'invalid-envelope', detail: `The record is no valid CloudEvent: ${because}` };
}

function unsupported(contentType: unknown): RecordFlaw {
  return { code: 'unsupported-content-type', detail: `The data is ${shown(contentType)}; JSON is read` };
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'no text';
  const text = String(value);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
