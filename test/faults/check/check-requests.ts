import type { Facts, Finding } from './facts.ts';

/** A request that was repeated until it was answered has one answer and one effect. */
export function checkRequests({ events, promises }: Pick<Facts, 'events' | 'promises'>): Finding[] {
  return [
    ...promises.surprises.map((detail) => ({ check: 'answers-are-as-they-should', detail })),
    ...promises.requests.flatMap(({ key, what, answers, makes }) => {
      const effects = new Set(events.filter(({ headers }) => headers['ce_causationid'] === key && headers['ce_type'] === makes).map(({ headers }) => headers['ce_id']));
      return [
        ...(new Set(answers).size > 1 ? [{ check: 'one-answer', detail: `${what} (${key}) was answered differently: ${[...new Set(answers)].join(' | ')}` }] : []),
        ...(makes !== null && effects.size !== 1 ? [{ check: 'one-effect', detail: `${what} (${key}) made ${effects.size} events ${makes}` }] : []),
      ];
    }),
  ];
}
