import { readFileSync } from 'node:fs';
import { MillraceError } from '@millrace/contracts';
import type { OperationInput, ServiceName } from '@millrace/contracts';
import type { ApiClient } from '../api-client.js';
import type { Command, CommandContext } from '../command.js';
import { fromServices, servicesMeant } from '../from-services.js';
import type { FromServices } from '../from-services.js';
import { textTable } from '../text-table.js';

const filters = { type: { type: 'string' }, key: { type: 'string' }, code: { type: 'string' }, correlation: { type: 'string' } } as const;
const filterUsage = '[--type t] [--key k] [--code c] [--correlation c]';
const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Events that services gave up: list them, look into one, have them tried again, or drop them. Without a service all are meant. */
export const deadLetterCommands: readonly Command[] = [
  {
    name: 'dead-letters list', usage: `[service] ${filterUsage} [--event id] [--state open|replayed|handled|dropped|any] [--limit n]`, summary: 'lists events that services gave up, newest first',
    options: { ...filters, event: { type: 'string' }, state: { type: 'string', default: 'open' }, limit: { type: 'string', default: '50' } },
    async run(context) {
      const { words: [service], options } = context;
      const limit = Number(options['limit']);
      const input = { ...filterOf(options), ...named('eventId', options['event']), state: options['state'] as 'open', limit };
      const answer = await fromServices(servicesMeant(service), async (name) => (await context.api.call('listDeadLetters', input, name)).deadLetters);
      const deadLetters = answer.results.flatMap(({ result }) => result).sort((left, right) => (left.deadAt < right.deadAt ? 1 : -1)).slice(0, limit);
      context.print(textTable(['service', 'id', 'event', 'key', 'tries', 'died', 'state', 'because'], deadLetters.map((letter) =>
        [letter.service, letter.id, letter.type, letter.key, letter.attempts, letter.deadAt, letter.state, `${letter.because.code}: ${letter.because.detail.slice(0, 100)}`])));
      printSilent(context, answer);
      return { deadLetters, silent: answer.silent };
    },
  },
  {
    name: 'dead-letters show', usage: '[service] <id>', summary: 'shows one with the record as it was read, the reason, and what became of it',
    async run({ api, words, print }) {
      const { service, id } = await letterMeant(api, words);
      const detail = await api.call('getDeadLetter', { id }, service);
      print(JSON.stringify(detail, null, 2));
      return detail;
    },
  },
  {
    name: 'dead-letters replay', usage: `[service] <id> | [service] (${filterUsage} | --all) [--reason text] [--data mended.json]`, summary: 'has one, or all that match, tried again; what had an effect has none twice',
    options: { ...filters, all: { type: 'boolean' }, reason: { type: 'string' }, data: { type: 'string' } },
    async run(context) {
      const { api, words, options, print } = context;
      const reason = named('reason', options['reason']);
      if (words.some((word) => idPattern.test(word))) {
        const { service, id } = await letterMeant(api, words);
        const data = typeof options['data'] === 'string' ? { data: JSON.parse(readFileSync(options['data'], 'utf8')) as unknown } : {};
        const letter = await api.call('replayDeadLetter', { id, ...reason, ...data }, service);
        print(letter.state === 'handled' ? `A replay of ${letter.type} for ${letter.key} was handled by ${service} at ${letter.handledAt}: nothing is done` : `${letter.type} for ${letter.key} is tried again by ${service}`);
        return letter;
      }
      if (options['data'] !== undefined) throw new MillraceError('invalid-request', '--data mends one dead letter: give its id.');
      return inBulk(context, 'tried again', (input, name) => api.call('replayDeadLetters', { ...input, ...reason }, name).then(({ replayed, remaining }) => ({ done: replayed, remaining })));
    },
  },
  {
    name: 'dead-letters drop', usage: `[service] <id> --reason text | [service] (${filterUsage} | --all) --reason text`, summary: 'says that nobody needs one, or all that match, any more; who and why stand in the audit log',
    options: { ...filters, all: { type: 'boolean' }, reason: { type: 'string' } },
    async run(context) {
      const { api, words, options, print } = context;
      const { reason } = options;
      if (typeof reason !== 'string' || reason === '') throw new MillraceError('invalid-request', 'Give --reason "why nobody needs it".');
      if (words.some((word) => idPattern.test(word))) {
        const { service, id } = await letterMeant(api, words);
        const letter = await api.call('dropDeadLetter', { id, reason }, service);
        print(letter.state === 'handled' ? `${letter.type} for ${letter.key} was handled by ${service} already` : `${letter.type} for ${letter.key} is dropped by ${service}`);
        return letter;
      }
      return inBulk(context, 'dropped', (input, name) => api.call('dropDeadLetters', { ...input, reason }, name).then(({ dropped, remaining }) => ({ done: dropped, remaining })));
    },
  },
  {
    name: 'parked-events list', usage: `[service] ${filterUsage} [--limit n]`, summary: 'lists events that services will try again by themselves, and what waits behind them', options: { ...filters, limit: { type: 'string', default: '50' } },
    async run(context) {
      const { words: [service], options } = context;
      const input = { ...filterOf(options), limit: Number(options['limit']) };
      const answer = await fromServices(servicesMeant(service), async (name) => (await context.api.call('listParkedEvents', input, name)).parkedEvents);
      const parkedEvents = answer.results.flatMap(({ result }) => result);
      context.print(textTable(['service', 'event', 'key', 'tries', 'next try', 'because'], parkedEvents.map((event) =>
        [event.service, event.type, event.key, event.attempts, event.waitsBehind ? null : event.nextAttemptAt, event.because === null ? 'waits behind an earlier event of its key' : `${event.because.code}: ${event.because.detail.slice(0, 100)}`])));
      printSilent(context, answer);
      return { parkedEvents, silent: answer.silent };
    },
  },
];

type Filter = Pick<OperationInput<'replayDeadLetters'>, 'type' | 'key' | 'code' | 'correlation'>;

function filterOf(options: CommandContext['options']): Filter {
  return { ...named('type', options['type']), ...named('key', options['key']), ...named('code', options['code']), ...named('correlation', options['correlation']) };
}

function named<N extends string>(name: N, value: string | boolean | undefined): Partial<Record<N, string>> {
  return typeof value === 'string' ? ({ [name]: value } as Record<N, string>) : {};
}

/** A dead letter is named by its id alone, or by its service and id as the list shows them. */
async function letterMeant(api: ApiClient, words: readonly string[]): Promise<{ service: ServiceName; id: string }> {
  const id = words.find((word) => idPattern.test(word));
  const others = words.filter((word) => word !== id);
  if (id === undefined || others.length > 1) throw new MillraceError('invalid-request', 'Which dead letter? Give its id as `millrace dead-letters list` shows it.');
  const [only, ...more] = servicesMeant(others[0]);
  if (only !== undefined && more.length === 0) return { service: only, id };
  const { results, silent } = await fromServices(servicesMeant(undefined), (name) => api.call('getDeadLetter', { id }, name).then(() => true, absent));
  const found = results.find(({ result }) => result);
  if (!found) throw new MillraceError('dead-letter-not-found', `There is no dead letter ${id}${silent.length === 0 ? '' : ` (${silent.map(({ service }) => service).join(', ')} did not answer)`}`);
  return { service: found.service, id };
}

function absent(error: unknown): false {
  if (error instanceof MillraceError && error.code === 'dead-letter-not-found') return false;
  throw error;
}

type Step = (input: Filter & { all: boolean; limit: number }, service: ServiceName) => Promise<{ done: number; remaining: number }>;

/** Goes on until nothing that matches is left; each answer covers at most a thousand. */
async function inBulk(context: CommandContext, what: string, step: Step): Promise<unknown> {
  const { words: [service], options, print } = context;
  const filter = filterOf(options);
  const all = options['all'] === true;
  if (!all && Object.keys(filter).length === 0) throw new MillraceError('invalid-request', 'Which dead letters? Give an id, a filter such as --code or --type, or --all.');
  const answer = await fromServices(servicesMeant(service), async (name) => {
    let total = 0;
    for (;;) {
      const { done, remaining } = await step({ ...filter, all, limit: 1_000 }, name);
      total += done;
      if (done === 0 || remaining === 0) return total;
    }
  });
  const some = answer.results.filter(({ result }) => result > 0);
  print(some.length === 0 ? 'No open dead letter matches' : some.map(({ service: name, result }) => `${result} of ${name} ${what}`).join('\n'));
  printSilent(context, answer);
  return { services: answer.results.map(({ service: name, result }) => ({ service: name, count: result })), silent: answer.silent };
}

function printSilent({ print }: CommandContext, { silent }: FromServices<unknown>): void {
  for (const { service, detail } of silent) print(`${service} is missing here: ${detail}`);
}
