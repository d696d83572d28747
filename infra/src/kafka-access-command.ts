import { parseArgs } from 'node:util';
import { kafkaAccess } from '@millrace/contracts';
import type { GrantedUser } from './kafka-grants.js';
import { LaunchError } from './launch-error.js';
import { grantsOfOutside } from './outside-users.js';

const formats: Readonly<Record<string, (users: readonly GrantedUser[], options: { topicPrefix: string; cluster: string }) => string>> = {
  commands: (users, { topicPrefix }) => users.flatMap((user) => commandsOf(user, topicPrefix)).join('\n'),
  strimzi: (users, options) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: users.map((user) => kafkaUserOf(user, options)) }, null, 2),
};

/**
 * `npm run kafka-access -- [--format commands | strimzi] [--topic-prefix p.] [--cluster name] [--user NAME --writes PROJECT/DATA-SET --reads TOPIC]`: what an operator's Kafka has to be
 * told, as commands of Kafka's own tools or as KafkaUser resources of Strimzi; for the services, or for one user outside.
 */
export function kafkaAccessCommand(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      format: { type: 'string', default: 'commands' }, 'topic-prefix': { type: 'string', default: '' }, cluster: { type: 'string', default: 'kafka' },
      user: { type: 'string' }, writes: { type: 'string', multiple: true, default: [] }, reads: { type: 'string', multiple: true, default: [] },
    },
  });
  const format = formats[values.format];
  if (format === undefined) throw new LaunchError(`There is no format "${values.format}"; there are: ${Object.keys(formats).join(', ')}.`);
  const users: GrantedUser[] = values.user === undefined ? Object.values(kafkaAccess.services) : [grantsOfOutside({ name: values.user, writes: values.writes, reads: values.reads })];
  console.log(format(users, { topicPrefix: values['topic-prefix'], cluster: values.cluster }));
  return Promise.resolve();
}

/** Passwords are left to the operator: `kafka-configs.sh --add-config-file` takes one from a file. */
function commandsOf({ user, grants }: GrantedUser, topicPrefix: string): string[] {
  return grants.map(({ resource, pattern, name, operations }) => {
    const allowed = operations.map((operation) => `--operation ${operation}`).join(' ');
    return `kafka-acls.sh --bootstrap-server "$BOOTSTRAP" --command-config admin.properties --add --allow-principal User:${user} ${allowed} --${resource} '${topicPrefix}${name}' --resource-pattern-type ${pattern}`;
  });
}

function kafkaUserOf({ user, grants }: GrantedUser, { topicPrefix, cluster }: { topicPrefix: string; cluster: string }): object {
  const acls = grants.map(({ resource, pattern, name, operations }) => ({ resource: { type: resource, name: `${topicPrefix}${name}`, patternType: pattern === 'literal' ? 'literal' : 'prefix' }, operations, host: '*' }));
  return {
    apiVersion: 'kafka.strimzi.io/v1beta2',
    kind: 'KafkaUser',
    metadata: { name: user, labels: { 'strimzi.io/cluster': cluster } },
    spec: { authentication: { type: 'scram-sha-512' }, authorization: { type: 'simple', acls } },
  };
}
