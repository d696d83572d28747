import { mapSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { DataMessageSource, TopicsSource } from './read-topics.ts';
import type { EventSource, Sources } from './sources.ts';

const bindingVersion = '0.5.0';
const text = (description: string): JsonSchema => ({ type: 'string', description });
const timePattern = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$';

/** CloudEvents attributes as Kafka headers (binary mode): what every lifecycle event has. All values are UTF-8 text. */
export const eventHeaders: JsonSchema = {
  title: 'EventHeaders',
  type: 'object',
  description: 'Attributes of a CloudEvent as Kafka headers; readers ignore headers they do not know',
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject', 'content-type', 'ce_project', 'ce_actor', 'ce_correlationid'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0', description: 'Version of CloudEvents' },
    ce_id: { type: 'string', minLength: 1, description: 'Unique id of the event; delivery is at least once, so consumers remember it' },
    ce_source: { type: 'string', pattern: '^/millrace/[a-z-]+$', description: 'The service that emitted it: /millrace/<service>' },
    ce_type: text('The event type: the name of its message here'),
    ce_time: { type: 'string', format: 'date-time', pattern: timePattern, description: 'When the producing transaction read its clock, UTC' },
    ce_subject: text('The entity that the event is about: <project>/<name> or an id below it; the same as the Kafka key'),
    'content-type': { type: 'string', const: 'application/json', description: 'Form of the value' },
    traceparent: text('W3C trace context'),
    ce_project: text('The project that the event belongs to'),
    ce_actor: { type: 'string', pattern: '^(user|service):.+$', description: 'Who caused it: user:<name> or service:<name>' },
    ce_correlationid: text('Names the cascade'),
    ce_causationid: text('Id of the event or request that made this one'),
    ce_pipelineversion: { type: 'string', pattern: '^\\d+$', description: 'Version of the pipeline under which it was decided' },
  },
};

/** A lifecycle event as a message: its headers narrowed to its type, its key, its payload, and examples that hold against both. */
export function eventMessage({ schema, dataTitle, type, key, service }: EventSource, definitions: Sources['definitions']): object {
  const keySchema = definitions[dataTitle]?.properties?.[key] ?? { type: 'string' };
  const source = `/millrace/${service}`;
  return {
    name: type,
    title: schema.title,
    summary: schema.description,
    contentType: 'application/json',
    headers: { type: 'object', allOf: [{ $ref: '#/components/schemas/EventHeaders' }], properties: { ce_type: { const: type }, ce_source: { const: source } } },
    payload: { $ref: `#/components/schemas/${dataTitle}` },
    bindings: { kafka: { key: { type: 'string', description: `The data field ${key}: ${keySchema.description ?? 'the entity that the event is about'}` }, bindingVersion } },
    examples: (schema.examples ?? []).map((payload) => ({ headers: exampleHeaders(type, source, String((payload as Record<string, unknown>)[key])), payload })),
  };
}

function exampleHeaders(type: string, source: string, subject: string): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: '0199d1c4-7b2e-7c5a-9a31-4d6f0e8b2c10',
    ce_source: source,
    ce_type: type,
    ce_time: '2026-11-21T14:00:00.000Z',
    ce_subject: subject,
    'content-type': 'application/json',
    ce_project: subject.split('/')[0] ?? 'default',
    ce_actor: `service:${source.split('/').at(-1)}`,
    ce_correlationid: '0199d1c4-6a10-7f3b-8c22-0b1e5d7a9f44',
  };
}

/** A message of the data plane. */
export function dataMessage(name: string, { title, description, contentType, headers, payload, examples }: DataMessageSource, { schemas }: TopicsSource): object {
  const key = { type: 'string', description: "The value of the data set's key column, as text" };
  return { name, title, summary: description, contentType, headers, payload: ownReferences(payload, schemas), bindings: { kafka: { key, bindingVersion } }, examples };
}

/** Schemas of `topics.yaml` under the names that the document knows them by: their titles. */
export function dataSchemas({ schemas }: TopicsSource): Record<string, JsonSchema> {
  return Object.fromEntries(Object.values(schemas).map((schema) => [String(schema.title), ownReferences(schema, schemas)]));
}

function ownReferences(schema: JsonSchema, schemas: TopicsSource['schemas']): JsonSchema {
  return mapSchema(schema, (part) => (part.$ref ? { $ref: `#/components/schemas/${schemas[part.$ref.replace('#/schemas/', '')]?.title}` } : part));
}

/** The definitions that events use, directly or through others, with references as the document has them. */
export function eventSchemas(events: EventSource[], definitions: Sources['definitions']): Record<string, JsonSchema> {
  const found: Sources['definitions'] = {};
  const visit = (title: string): void => {
    const schema = definitions[title];
    if (title in found || !schema) return;
    found[title] = schema;
    mapSchema(schema, (part) => {
      if (part.$ref) visit(part.$ref.replace('#/$defs/', ''));
      return part;
    });
  };
  for (const { dataTitle } of events) visit(dataTitle);
  const rewritten = Object.entries(found).map(([title, schema]): [string, JsonSchema] => [
    title,
    mapSchema(schema, (part) => (part.$ref ? { $ref: part.$ref.replace('#/$defs/', '#/components/schemas/') } : part)),
  ]);
  return Object.fromEntries(rewritten);
}
