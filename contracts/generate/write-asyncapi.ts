import { stringify } from 'yaml';
import { dataMessage, dataSchemas, eventHeaders, eventMessage, eventSchemas } from './asyncapi-messages.ts';
import type { DataTopicSource } from './read-topics.ts';
import type { EventSource, Sources } from './sources.ts';

const bindingVersion = '0.5.0';
const description = `Millrace's lifecycle as events, and the topics by which records come in and go out.

Lifecycle events are CloudEvents 1.0 in Kafka binary mode, always: attributes are ce_ headers, the value is the data as JSON. Only Millrace writes them. Records of data sets may be plain JSON or CloudEvents in either mode.

To read: take a group of your own (not one that begins with \`millrace.\`), find the message by the header ce_type, ignore what you do not know. Delivery is at least once (remember ce_id), order holds per key. A value without content on a compacted topic removes its key.
To write records: set the Kafka key, and let your client repeat safely (enable.idempotence).

Operations are Millrace's own: where it receives, you may send; where it sends, you may receive. Addresses bear the operator's topic prefix, if there is one.`;

const servers = {
  local: { host: 'localhost:7492', protocol: 'kafka', description: 'The broker of `npm start`: on loopback only, without sign-in' },
  secured: {
    host: '{bootstrap}',
    protocol: 'kafka-secure',
    description: 'A broker with access switched on (`npm start -- --secure`, or an operator\'s): TLS, and a user whom the operator gives the topics that the user needs. On one machine the CA\'s certificate is .millrace/secrets/tls/ca.pem',
    variables: { bootstrap: { default: 'localhost:7492', description: 'host:port' } },
    security: [{ $ref: '#/components/securitySchemes/scram' }],
  },
};

/** The AsyncAPI 3.0 document of all lifecycle events and open data topics, generated from the same sources as the types. */
export function writeAsyncApi({ events, definitions, settings, topics: data }: Sources): string {
  const topics = [...new Set(events.map(({ topic }) => topic))].sort();
  const open = data.topics.filter(({ messages }) => messages.length > 0);
  const partitions = Number(settings[0]?.fields['defaultPartitions']?.default ?? 1);
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Millrace events and records', version: '1.0.0', description, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    servers,
    channels: {
      ...Object.fromEntries(topics.map((topic) => [nameOf(topic), eventChannel(topic, events, partitions)])),
      ...Object.fromEntries(open.map((topic) => [nameOf(topic.address), dataChannel(topic)])),
    },
    operations: {
      ...Object.fromEntries(topics.flatMap((topic) => eventOperations(topic, events))),
      ...Object.fromEntries(open.flatMap((topic) => dataOperations(topic))),
    },
    components: {
      securitySchemes: { scram: { type: 'scramSha512', description: 'SASL/SCRAM-SHA-512 over TLS' } },
      messages: {
        ...Object.fromEntries(events.map((event) => [event.type, eventMessage(event, definitions)])),
        ...Object.fromEntries(Object.entries(data.messages).map(([name, message]) => [name, dataMessage(name, message, data)])),
      },
      schemas: Object.fromEntries(
        Object.entries({ EventHeaders: eventHeaders, ...eventSchemas(events, definitions), ...dataSchemas(data) }).sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    },
  };
  return `# Written by \`npm run contracts\`. Do not edit.\n${stringify(document, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })}`;
}

function eventChannel(topic: string, events: EventSource[], partitions: number): object {
  const own = events.filter((event) => event.topic === topic);
  const compacted = own.some(({ retention }) => retention === 'compact');
  return {
    address: topic,
    messages: Object.fromEntries(own.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: { kafka: { topic, partitions, topicConfiguration: { 'cleanup.policy': [compacted ? 'compact' : 'delete'] }, bindingVersion } },
  };
}

function dataChannel({ address, title, description: about, messages }: DataTopicSource): object {
  return {
    address,
    title,
    description: about,
    messages: Object.fromEntries(messages.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
    parameters: {
      project: { description: 'The project, `default` where there is only one' },
      dataSet: { description: 'The data set: small letters, digits, hyphens' },
    },
    bindings: { kafka: { topicConfiguration: { 'cleanup.policy': ['delete'] }, bindingVersion } },
  };
}

function eventOperations(topic: string, events: EventSource[]): [string, object][] {
  const own = events.filter((event) => event.topic === topic);
  const senders = [...new Set(own.map(({ service }) => service))];
  const receivers = [...new Set(own.flatMap(({ consumers }) => consumers))].sort();
  return [
    ...senders.map((service) => operation(service, 'send', topic, own.filter((event) => event.service === service).map(({ type }) => type))),
    ...receivers.map((service) => operation(service, 'receive', topic, own.filter(({ consumers }) => consumers.includes(service)).map(({ type }) => type))),
  ];
}

function dataOperations({ address, writers, readers, messages }: DataTopicSource): [string, object][] {
  return [
    ...Object.keys(writers).map((service) => operation(service, 'send', address, messages)),
    ...Object.keys(readers).map((service) => operation(service, 'receive', address, messages)),
  ];
}

function operation(service: string, action: 'send' | 'receive', topic: string, messages: readonly string[]): [string, object] {
  const groupId = { type: 'string', pattern: `^millrace\\.${service}($|\\.)` };
  return [
    `${service}-${action}s-${nameOf(topic)}`,
    {
      action,
      channel: { $ref: `#/channels/${nameOf(topic)}` },
      messages: messages.map((name) => ({ $ref: `#/channels/${nameOf(topic)}/messages/${name}` })),
      tags: [{ name: service }],
      ...(action === 'receive' ? { bindings: { kafka: { groupId, bindingVersion } } } : {}),
    },
  ];
}

function nameOf(topic: string): string {
  return topic.replace(/^millrace\./, '').replace(/[{}]/g, '');
}
