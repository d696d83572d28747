import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaAccess } from '@millrace/contracts';
import type { KafkaGrant } from '@millrace/contracts';
import type { GrantedUser } from './kafka-grants.js';
import { LaunchError } from './launch-error.js';
import { secretsDirectory } from './secret-of.js';

/** A program that is not Millrace's. */
export interface OutsideUser {
  name: string;
  /** Data sets whose records it may send: `<project>/<name>`. */
  writes: string[];
  /** Topics that it may read. */
  reads: string[];
}

/** What an outside user may do: write the topics of its data sets, read its topics in the group of its name and in those that begin with its name and a dot. */
export function grantsOfOutside({ name, writes, reads }: OutsideUser): GrantedUser {
  const topics = [
    ...writes.map((dataSet): KafkaGrant => ({ resource: 'topic', pattern: 'literal', name: dataTopicOf(dataSet), operations: ['Write'], because: ['sends records'] })),
    ...reads.map((topic): KafkaGrant => ({ resource: 'topic', pattern: 'literal', name: topic, operations: ['Read'], because: ['reads'] })),
  ];
  const groups = [name, `${name}.`].map((group): KafkaGrant => ({ resource: 'group', pattern: group.endsWith('.') ? 'prefixed' : 'literal', name: group, operations: ['Read'], because: ['reads'] }));
  return { user: name, grants: reads.length > 0 ? [...topics, ...groups] : topics };
}

/** The outside users of a home, as `kafka-user add` left them. */
export function outsideUsers(home: string): OutsideUser[] {
  const file = fileOf(home);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as OutsideUser[]) : [];
}

/** Adds a user, or replaces what it may do. @throws LaunchError when its name is Millrace's, or a topic is none that is open */
export function keepOutsideUser(home: string, user: OutsideUser): void {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(user.name) || user.name.startsWith('millrace')) throw new LaunchError(`A user is named by small letters, digits and hyphens, and not millrace...; "${user.name}" is not.`);
  for (const dataSet of user.writes) if (!/^[a-z0-9-]+\/[a-z0-9.-]+$/.test(dataSet)) throw new LaunchError(`A data set is <project>/<name>; "${dataSet}" is not.`);
  const closed = user.reads.find((topic) => !kafkaAccess.openTopics.read.some((address) => patternOf(address).test(topic)));
  if (closed !== undefined) throw new LaunchError(`"${closed}" is no topic that programs outside may read; contracts/asyncapi.yaml lists those that are.`);
  keep(home, [...outsideUsers(home).filter(({ name }) => name !== user.name), user]);
}

/** Forgets a user. @throws LaunchError when there is none */
export function forgetOutsideUser(home: string, name: string): void {
  const users = outsideUsers(home);
  if (!users.some((user) => user.name === name)) throw new LaunchError(`There is no user "${name}".`);
  keep(home, users.filter((user) => user.name !== name));
}

function keep(home: string, users: OutsideUser[]): void {
  writeFileSync(fileOf(home), `${JSON.stringify(users, null, 1)}\n`, { mode: 0o600 });
}

function fileOf(home: string): string {
  return join(secretsDirectory(home), 'kafka-users.json');
}

function dataTopicOf(dataSet: string): string {
  return `millrace.data.${dataSet.replace('/', '.')}`;
}

/** Braces stand for one part of a name. */
function patternOf(address: string): RegExp {
  return new RegExp(`^${address.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[a-z0-9-]+')}$`);
}
