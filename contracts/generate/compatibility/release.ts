import { existsSync, readFileSync } from 'node:fs';
import { mapSchema } from '../json-schema.ts';
import type { JsonSchema } from '../json-schema.ts';
import type { DataTopicSource } from '../read-topics.ts';
import type { EventSource, OperationSource, Sources } from '../sources.ts';

/** What was promised with the last release: `released.json`, written by `npm run contracts -- --release`. */
export interface Release {
  events: Record<string, Pick<EventSource, 'topic' | 'key' | 'dataTitle' | 'retention'>>;
  operations: Record<string, Omit<OperationSource, 'operationId' | 'summary'>>;
  /** Data topics that programs which are not Millrace's read or write, by address. */
  dataTopics: Record<string, Pick<DataTopicSource, 'open' | 'retention' | 'messages'>>;
  settings: Record<string, { title: string; env: Record<string, string[]> }>;
  errors: Record<string, { kind: string; status: number }>;
  /** Every schema by title, without words. */
  definitions: Record<string, JsonSchema>;
}

/** The present contracts as a release keeps them. */
export function releaseOf({ events, operations, topics, settings, errors, definitions }: Sources): Release {
  return {
    events: Object.fromEntries(events.map(({ type, topic, key, dataTitle, retention }) => [type, { topic, key, dataTitle, retention }])),
    operations: Object.fromEntries(operations.map(({ operationId, summary: _, ...operation }) => [operationId, operation])),
    dataTopics: Object.fromEntries(topics.topics.filter(({ open }) => open.length > 0).map(({ address, open, retention, messages }) => [address, { open, retention, messages }])),
    settings: Object.fromEntries(settings.map(({ service, title, fields }) => [service, { title, env: Object.fromEntries(Object.entries(fields).map(([name, { env }]) => [name, env])) }])),
    errors: Object.fromEntries(errors.map(({ code, kind, status }) => [code, { kind, status }])),
    definitions: Object.fromEntries(Object.entries(definitions).map(([title, schema]) => [title, withoutWords(schema)])),
  };
}

/** Null before the first release. */
export function readRelease(file: string): Release | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Release) : null;
}

/** A property may be called title: only text counts as words. */
function withoutWords(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) => Object.fromEntries(Object.entries(part).filter(([keyword, value]) => !((keyword === 'title' || keyword === 'description') && typeof value === 'string'))));
}
