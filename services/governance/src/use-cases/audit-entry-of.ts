import { eventHeaders } from '@millrace/contracts';
import type { AuditEntry } from '@millrace/contracts';
import { canonicalJson, leafHash } from '@millrace/merkle';
import type { DataRecord } from '@millrace/runtime';
import { createHash } from 'node:crypto';

/** A record as it enters the log: the entry, its RFC 8785 text, that text's leaf hash, and what to search it by. */
export interface LoggedRecord {
  readonly entry: AuditEntry;
  readonly leaf: string;
  readonly leafHash: Uint8Array;
  readonly data: Buffer;
  readonly facets: Facets;
}

/** What the event is about, from its data; null where it does not say. */
export interface Facets {
  readonly pipeline: string | null;
  readonly modelVersion: number | null;
  readonly dataSet: string | null;
  readonly run: string | null;
  readonly segment: string | null;
  readonly incident: string | null;
}

/** With attributes no longer than this an entry stays under 2 kB. */
const MAX_ATTRIBUTE_CHARACTERS = 200;
/** Postgres keeps no NUL in text. */
const NUL = /\0/;

/** What a record of a lifecycle topic says of itself. A record that is no event is logged as `unreadable`, so that no offset is missing. */
export function auditEntryOf(record: DataRecord): LoggedRecord {
  const data = record.value ?? Buffer.alloc(0);
  const place = { topic: record.topic, partition: record.partition, offset: Number(record.offset), dataSha256: createHash('sha256').update(data).digest('hex') };
  const entry: AuditEntry = { ...(attributesOf(record) ?? unreadable(record)), ...place };
  const leaf = canonicalJson(entry);
  return { entry, leaf, leafHash: leafHash(Buffer.from(leaf)), data, facets: facetsOf(data) };
}

type Attributes = Omit<AuditEntry, 'topic' | 'partition' | 'offset' | 'dataSha256'>;

function attributesOf({ headers }: DataRecord): Attributes | undefined {
  const of = (name: keyof typeof eventHeaders) => headers[eventHeaders[name]];
  const [id, type, source, subject, time, project, actor, correlation] = [of('id'), of('type'), of('source'), of('subject'), of('time'), of('project'), of('actor'), of('correlationId')];
  const version = of('pipelineVersion');
  const texts = [id, type, source, subject, time, project, actor, correlation, of('causationId') ?? ''];
  if (!texts.every(isAttribute) || Number.isNaN(Date.parse(time as string))) return undefined;
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) return undefined;
  return {
    id: id as string,
    type: type as string,
    source: source as string,
    subject: subject as string,
    time: time as string,
    project: project as string,
    actor: actor as string,
    correlation: correlation as string,
    causation: of('causationId') ?? null,
    pipelineVersion: version === undefined ? null : Number(version),
  };
}

function isAttribute(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_ATTRIBUTE_CHARACTERS && !NUL.test(text);
}

function unreadable({ topic, partition, offset, timestampMs }: DataRecord): Attributes {
  const id = `${topic}/${partition}/${offset}`;
  const time = new Date(timestampMs).toISOString();
  return { id, type: 'unreadable', source: 'unknown', subject: id, time, project: 'unknown', actor: 'unknown', correlation: id, causation: null, pipelineVersion: null };
}

function facetsOf(data: Buffer): Facets {
  const facts = aboutWhat(parsed(data));
  const text = (name: string) => (isAttribute(facts[name]) ? facts[name] : null);
  const version = facts['modelVersion'];
  const modelVersion = typeof version === 'number' && Number.isInteger(version) && version > 0 && version < 2 ** 31 ? version : null;
  return { pipeline: text('pipeline'), modelVersion, dataSet: text('dataSet'), run: text('run'), segment: text('segment'), incident: text('incident') };
}

/** A dead letter is about what its event is about. */
function aboutWhat(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { deadLetter, value, valueEncoding } = facts;
  return typeof deadLetter === 'string' && typeof value === 'string' && valueEncoding === 'utf-8' ? parsed(Buffer.from(value)) : facts;
}

function parsed(data: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
