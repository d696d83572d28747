import { MillraceError } from '@millrace/contracts';
import { services } from '@millrace/infra';
import type { ApiClient } from '../api-client.js';
import type { Command } from '../command.js';
import { textTable } from '../text-table.js';

/** As every service that handles events lists them. */
interface DeadLetter {
  id: string;
  type: string;
  key: string;
  attempt: number;
  deadAt: string;
  replayedAt: string | null;
  because: Record<string, unknown>;
  payload?: string | null;
}

/** Events that failed for good: list them, look into one, try it again, or drop it. */
export const deadLetterCommands: readonly Command[] = [
  {
    name: 'dead-letters list', usage: '[service]', summary: 'lists events that failed for good, of one service or of all',
    async run({ api, words: [service], print }) {
      const names = service === undefined ? services.filter(({ ownsData }) => ownsData).map(({ name }) => name) : [service];
      const lists = await Promise.all(names.map(async (name) => ({ service: name, letters: (await api.service<{ deadLetters: DeadLetter[] }>(name, 'GET', '/dead-letters')).deadLetters })));
      print(textTable(['service', 'id', 'event', 'key', 'tries', 'died', 'sent again', 'because'], lists.flatMap(({ service: name, letters }) =>
        letters.map((letter) => [name, letter.id, letter.type, letter.key, letter.attempt, letter.deadAt, letter.replayedAt, reasonOf(letter).slice(0, 100)]))));
      return lists;
    },
  },
  {
    name: 'dead-letters show', usage: '<service> <id>', summary: 'shows one with its event and the reason',
    async run({ api, words, print }) {
      const letter = await letterOf(api, words, 'GET', '');
      print(JSON.stringify(letter, null, 2));
      return letter;
    },
  },
  {
    name: 'dead-letters replay', usage: '<service> <id>', summary: 'tries one again; what had an effect has none twice',
    async run({ api, words, print }) {
      const letter = await letterOf(api, words, 'POST', '/replays');
      print(`${letter.type} for ${letter.key} is tried again by ${words[0]}`);
      return letter;
    },
  },
  {
    name: 'dead-letters drop', usage: '<service> <id>', summary: 'removes one that is not wanted any more',
    async run({ api, words, print }) {
      await letterOf(api, words, 'DELETE', '');
      print(`Dropped ${words[1]} of ${words[0]}`);
      return {};
    },
  },
];

function reasonOf({ because }: DeadLetter): string {
  return typeof because['detail'] === 'string' ? because['detail'] : JSON.stringify(because);
}

function letterOf(api: ApiClient, [service, id]: readonly string[], method: 'GET' | 'POST' | 'DELETE', action: string): Promise<DeadLetter> {
  if (service === undefined || id === undefined) throw new MillraceError('invalid-request', 'Which dead letter? Give <service> <id> as `millrace dead-letters list` shows them.');
  return api.service<DeadLetter>(service, method, `/dead-letters/${encodeURIComponent(id)}${action}`);
}
