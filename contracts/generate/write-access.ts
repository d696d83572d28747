import { generatedBanner } from './output.ts';
import type { Output } from './output.ts';
import type { Sources } from './sources.ts';

type Operation = 'Create' | 'DescribeConfigs' | 'Read' | 'Write' | 'Delete';

/** What a user may do with topics or groups. Kafka lets who may do any of it also describe them. */
interface Grant {
  resource: 'topic' | 'group';
  /** `prefixed`: the beginning of names. */
  pattern: 'literal' | 'prefixed';
  name: string;
  operations: Operation[];
  because: string[];
}

const order: Operation[] = ['Create', 'DescribeConfigs', 'Read', 'Write', 'Delete'];

/** Whoever needs a topic makes it when it is missing, and compares one that is there with its declaration. */
const makes: Operation[] = ['Create', 'DescribeConfigs'];

/** Grants of one service, joined per resource. */
class Grants {
  readonly #grants = new Map<string, Grant>();

  add(resource: Grant['resource'], address: string, operations: Operation[], because: string): void {
    const brace = address.indexOf('{');
    const isPrefix = brace >= 0 || address.endsWith('.');
    const name = brace >= 0 ? address.slice(0, brace) : address;
    const known = this.#grants.get(`${resource} ${name}`);
    this.#grants.set(`${resource} ${name}`, {
      resource,
      pattern: isPrefix ? 'prefixed' : 'literal',
      name,
      operations: order.filter((operation) => operations.includes(operation) || known?.operations.includes(operation)),
      because: [...new Set([...(known?.because ?? []), because])],
    });
  }

  sorted(): Grant[] {
    return [...this.#grants.values()].sort((a, b) => (`${a.resource} ${a.name}` < `${b.resource} ${b.name}` ? -1 : 1));
  }
}

/**
 * Who may do what on Kafka and who owns which schema in Postgres, by service: what its events, its consumption and `topics.yaml` ask for, and nothing else.
 * Whoever needs a topic first creates it, with the settings that the contracts declare.
 * @param forHelm also a copy in the chart, which can read no file outside itself
 */
export function writeAccess(sources: Sources, { forHelm }: { forHelm: boolean }): Output {
  const services = sources.settings.map(({ service }) => service).sort();
  const access = {
    services: Object.fromEntries(services.map((service) => [service, { user: `millrace-${service}`, grants: grantsOf(service, sources) }])),
    openTopics: {
      write: sources.topics.topics.filter(({ open }) => open.includes('write')).map(({ address }) => address),
      read: [...new Set(sources.events.map(({ topic }) => topic)), ...sources.topics.topics.filter(({ open }) => open.includes('read')).map(({ address }) => address)].sort(),
    },
  };
  const types = `/** What a user may do with topics or groups. Kafka lets who may do any of it also describe them. */
export interface KafkaGrant {
  resource: 'topic' | 'group';
  /** \`prefixed\`: the beginning of names. */
  pattern: 'literal' | 'prefixed';
  /** Without the topic prefix. */
  name: string;
  operations: readonly ('Create' | 'DescribeConfigs' | 'Read' | 'Write' | 'Delete')[];
  /** What for. */
  because: readonly string[];
}

/** Least privilege, by service, and what users outside may be given (braces stand for a part of a name). */
export const kafkaAccess: {
  services: Readonly<Record<ServiceName, { user: string; grants: readonly KafkaGrant[] }>>;
  openTopics: { write: readonly string[]; read: readonly string[] };
} = `;
  const json = JSON.stringify(access, null, 1).replace(/\{[^{}]*\}/g, (grant) => grant.replace(/\s*\n\s*/g, ' ')); // a line each
  return {
    'access.json': `${json}\n`,
    ...(forHelm ? { '../helm/millrace/files/kafka-access.json': `${json}\n` } : {}),
    'src/generated/access.ts': `${generatedBanner}import type { ServiceName } from './settings.js';\n\n${types}${json};\n`,
  };
}

function grantsOf(service: string, { events, topics }: Sources): Grant[] {
  const grants = new Grants();
  for (const { topic } of events.filter((event) => event.service === service)) grants.add('topic', topic, [...makes, 'Write'], 'emits');
  const consumed = events.filter(({ consumers }) => consumers.includes(service));
  for (const { topic } of consumed) grants.add('topic', topic, [...makes, 'Read'], 'consumes');
  const followsOnly = (topics.groups[service] ?? []).some(({ deletes }) => deletes); // then its groups are per process
  if (consumed.length > 0 && !followsOnly) grants.add('group', `millrace.${service}`, ['Read'], 'consumes');
  const following = topics.followers[service];
  if (following) for (const { topic } of events) grants.add('topic', topic, [...makes, 'Read'], following);
  for (const { address, writers, readers, creators } of topics.topics) {
    if (writers[service]) grants.add('topic', address, ['Write'], writers[service]);
    if (readers[service]) grants.add('topic', address, ['Read'], readers[service]);
    if (creators.includes(service)) grants.add('topic', address, makes, 'creates');
  }
  for (const { name, because, deletes = false } of topics.groups[service] ?? []) grants.add('group', name, deletes ? ['Read', 'Delete'] : ['Read'], because);
  return grants.sorted();
}
