import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { kafkaAccess } from '@millrace/contracts';

const run = (...args: string[]): string => execFileSync(process.execPath, ['--import', join(process.cwd(), 'libs/testing/typescript-sources.mjs'), 'infra/src/main.ts', 'kafka-access', ...args], { encoding: 'utf8' });

interface KafkaUser {
  metadata: { name: string; labels: Record<string, string> };
  spec: { authorization: { acls: { resource: { type: string; name: string; patternType: string }; operations: string[] }[] } };
}

describe('what an operator is told about access to Kafka', () => {
  it('is the same as what the contracts grant, as resources of Strimzi, under the topic prefix', () => {
    const { items } = JSON.parse(run('--format', 'strimzi', '--cluster', 'plant', '--topic-prefix', 'mr.')) as { items: KafkaUser[] };
    const told = items.map(({ metadata, spec }) => [metadata.name, spec.authorization.acls.map(({ resource, operations }) => [resource.type, resource.patternType, resource.name, operations])]);
    const granted = Object.values(kafkaAccess.services).map(({ user, grants }) => [user, grants.map(({ resource, pattern, name, operations }) => [resource, pattern === 'literal' ? 'literal' : 'prefix', `mr.${name}`, operations])]);
    expect(told).toEqual(granted);
    expect(items.every(({ metadata }) => metadata.labels['strimzi.io/cluster'] === 'plant')).toBe(true);
  });

  it('is a command for each grant, also for one user outside', () => {
    expect(run().trim().split('\n')).toHaveLength(Object.values(kafkaAccess.services).flatMap(({ grants }) => grants).length);
    expect(run('--user', 'plant-7', '--writes', 'default/wear').trim()).toMatch(/--allow-principal User:plant-7 --operation Write --topic 'millrace\.data\.default\.wear' --resource-pattern-type literal$/);
  });
});

describe('the grants of the services', () => {
  const all = Object.entries(kafkaAccess.services).flatMap(([service, { grants }]) => grants.map((grant) => ({ service, ...grant })));

  it('let each lifecycle topic be written by one service, the one whose name it bears', () => {
    const foreign = all.filter(({ service, resource, name, operations }) => resource === 'topic' && operations.includes('Write') && !name.startsWith('millrace.data.') && !name.startsWith(`millrace.${service}.`));
    expect(foreign).toEqual([]);
  });

  it('let each service use groups of its own name only, and reach nothing by a prefix that takes in another service', () => {
    expect(all.filter(({ service, resource, name }) => resource === 'group' && name !== `millrace.${service}` && !name.startsWith(`millrace.${service}.`))).toEqual([]);
    const prefixes = all.filter(({ pattern }) => pattern === 'prefixed').map(({ name }) => name);
    expect(prefixes.every((name) => name.endsWith('.'))).toBe(true);
  });
});
