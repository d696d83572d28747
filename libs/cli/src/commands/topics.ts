import { eventCatalogue } from '@millrace/contracts';
import type { Command } from '../command.js';
import { textTable } from '../text-table.js';

/** The lifecycle events that anybody may subscribe to, from the contracts; needs no running platform. */
export const topicsCommand: Command = {
  name: 'topics',
  usage: '',
  summary: 'lists the topics of the life cycle, their events, keys and consumers',
  run({ print }) {
    const rows = Object.entries(eventCatalogue).map(([type, { topic, key, consumers }]) => [topic, type, key, consumers.join(' ')] as const);
    print(textTable(['topic', 'event', 'key', 'consumers'], rows));
    return Promise.resolve(eventCatalogue);
  },
};
