import { eventCatalogue } from '@millrace/contracts';
import type { Command, CommandContext } from '../command.js';
import { fromServices, servicesMeant } from '../from-services.js';
import { textTable } from '../text-table.js';

/** The lifecycle events that anybody may subscribe to, from the contracts; with `--check` where the broker has topics otherwise than services declare them. */
export const topicsCommand: Command = {
  name: 'topics',
  usage: '[--check]',
  summary: 'lists the topics of the life cycle, their events, keys and consumers; --check: topics that the broker has otherwise than they are declared',
  options: { check: { type: 'boolean' } },
  run(context) {
    if (context.options['check']) return check(context);
    const rows = Object.entries(eventCatalogue).map(([type, { topic, key, consumers }]) => [topic, type, key, consumers.join(' ')] as const);
    context.print(textTable(['topic', 'event', 'key', 'consumers'], rows));
    return Promise.resolve(eventCatalogue);
  },
};

/** Topics are only reported: to alter one is an operator's decision (`kafka-topics.sh`, `kafka-configs.sh`). */
async function check({ api, print }: CommandContext): Promise<unknown> {
  const { results, silent } = await fromServices(servicesMeant(undefined), async (name) => (await api.call('listTopics', {}, name)).topics);
  const differences = results.flatMap(({ service, result }) => result.flatMap(({ topic, differences: found }) => found.map((one) => ({ service, topic, ...one }))));
  const topics = new Set(results.flatMap(({ result }) => result.map(({ topic }) => topic)));
  if (differences.length === 0) print(`${topics.size} topics are as they are declared`);
  else print(textTable(['topic', 'setting', 'declared', 'found', 'declared by'], differences.map(({ topic, setting, declared, found, service }) => [topic, setting, declared, found, service] as const)));
  for (const { service, detail } of silent) print(`${service} does not answer: ${detail}`);
  return { differences, silent };
}
