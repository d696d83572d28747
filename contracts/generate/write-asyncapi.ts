import { stringify } from 'yaml';
import { mapSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { EventSource, Sources } from './sources.ts';

const text = (description: string): JsonSchema => ({ type: 'string', description });

/** CloudEvents attributes as Kafka headers (binary mode). */
const headers: JsonSchema = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_subject', 'content-type', 'ce_project', 'ce_actor', 'ce_correlationid'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: text('Unique id of the event; delivery is at least once, so consumers remember it'),
    ce_source: text('The service that emitted it: /millrace/<service>'),
    ce_type: text('The event type'),
    ce_time: { type: 'string', format: 'date-time', description: 'When the producing transaction read its clock' },
    ce_subject: text('The entity that the event is about: <project>/<name> or an id below it'),
    'content-type': { type: 'string', const: 'application/json' },
    traceparent: text('W3C trace context'),
    ce_project: text('The project that the event belongs to'),
    ce_actor: text('Who caused it: user:<name> or service:<name>'),
    ce_correlationid: text('Names the cascade'),
    ce_causationid: text('Id of the event or request that made this one'),
    ce_pipelineversion: text('Version of the pipeline under which it was decided'),
  },
};

/** The AsyncAPI 3.0 document of all lifecycle events, generated from the same schemas as the types. */
export function writeAsyncApi({ events, definitions }: Sources): string {
  const topics = [...new Set(events.map(({ topic }) => topic))].sort();
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Millrace lifecycle events',
      version: '1.0.0',
      description: 'CloudEvents 1.0 in Kafka binary mode: attributes travel as ce_ headers, the value is the data.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { embedded: { host: 'localhost:7492', protocol: 'kafka', description: 'The broker of the one-machine run' } },
    channels: Object.fromEntries(topics.map((topic) => [nameOf(topic), channelOf(topic, events)])),
    operations: Object.fromEntries(topics.flatMap((topic) => operationsOf(topic, events))),
    components: {
      messages: Object.fromEntries(events.map((event) => [event.type, messageOf(event, definitions)])),
      messageTraits: { cloudEvent: { headers } },
      schemas: Object.fromEntries(Object.entries(reachable(events, definitions)).map(([title, schema]) => [title, toAsyncApi(schema)])),
    },
  };
  return `# Written by \`npm run contracts\`. Do not edit.\n${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function channelOf(topic: string, events: EventSource[]): object {
  const own = events.filter((event) => event.topic === topic);
  const compacted = own.some(({ retention }) => retention === 'compact');
  return {
    address: topic,
    messages: Object.fromEntries(own.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: { kafka: { topic, topicConfiguration: { 'cleanup.policy': [compacted ? 'compact' : 'delete'] }, bindingVersion: '0.5.0' } },
  };
}

function operationsOf(topic: string, events: EventSource[]): [string, object][] {
  const own = events.filter((event) => event.topic === topic);
  const pairs: [string, 'send' | 'receive', EventSource[]][] = [
    ...[...new Set(own.map(({ service }) => service))].map((service): [string, 'send', EventSource[]] => [service, 'send', own.filter((event) => event.service === service)]),
    ...[...new Set(own.flatMap(({ consumers }) => consumers))].sort().map((service): [string, 'receive', EventSource[]] => [service, 'receive', own.filter(({ consumers }) => consumers.includes(service))]),
  ];
  return pairs.map(([service, action, messages]) => [
    `${service}-${action}s-${nameOf(topic)}`,
    {
      action,
      channel: { $ref: `#/channels/${nameOf(topic)}` },
      messages: messages.map(({ type }) => ({ $ref: `#/channels/${nameOf(topic)}/messages/${type}` })),
      tags: [{ name: service }],
    },
  ]);
}

function messageOf({ schema, dataTitle, type, key }: EventSource, definitions: Sources['definitions']): object {
  const keySchema = definitions[dataTitle]?.properties?.[key] ?? { type: 'string' };
  return {
    name: type,
    title: schema.title,
    summary: schema.description,
    contentType: 'application/json',
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    payload: { $ref: `#/components/schemas/${dataTitle}` },
    bindings: { kafka: { key: { type: 'string', description: keySchema.description ?? `The data field ${key}` }, bindingVersion: '0.5.0' } },
    examples: (schema.examples ?? []).map((payload) => ({ payload })),
  };
}

/** The definitions that events use, directly or through others. */
function reachable(events: EventSource[], definitions: Sources['definitions']): Sources['definitions'] {
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
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toAsyncApi(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) => (part.$ref ? { $ref: part.$ref.replace('#/$defs/', '#/components/schemas/') } : part));
}

function nameOf(topic: string): string {
  return topic.replace(/^millrace\./, '').replace(/[{}]/g, '');
}
