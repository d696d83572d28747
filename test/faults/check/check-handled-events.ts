import { eventCatalogue } from '@millrace/contracts';
import { isEventType } from './check-sent-events.ts';
import type { Facts, Finding } from './facts.ts';
import { grouped } from './grouped.ts';

/** Governance logs every event in batches and handles only these one by one. */
const handledByGovernance: readonly string[] = ['millrace.registry.pipeline.applied.v1', 'millrace.registry.pipeline.activated.v1'];

/** Each event was taken up by each service that consumes it; nothing waits, nothing failed for good; none had its effect twice. */
export function checkHandledEvents({ events, services }: Pick<Facts, 'events' | 'services'>): Finding[] {
  return [...Object.keys(services).flatMap((service) => notTakenUp(service, { events, services })), ...Object.entries(services).flatMap(leftOver), ...doubleEffects(events)];
}

function notTakenUp(service: string, { events, services }: Pick<Facts, 'events' | 'services'>): Finding[] {
  const facts = services[service];
  const taken = new Set([...(facts?.inbox ?? []), ...(facts?.deadLetters ?? []).map(({ eventId }) => eventId)]);
  const wanted = new Map(events.filter(({ headers }) => isConsumed(service, headers['ce_type'] ?? '')).map(({ headers }) => [headers['ce_id'] ?? '', headers['ce_type']]));
  return [...wanted].filter(([id]) => !taken.has(id)).map(([id, type]) => ({ check: 'every-event-handled', detail: `${service} has not handled ${type} ${id}` }));
}

function isConsumed(service: string, type: string): boolean {
  if (!isEventType(type)) return false;
  if (service === 'governance') return handledByGovernance.includes(type);
  return (eventCatalogue[type].consumers as readonly string[]).includes(service);
}

function leftOver([service, { parked, deadLetters }]: [string, Facts['services'][string]]): Finding[] {
  return [
    ...parked.map(({ type, eventId, because }) => ({ check: 'nothing-parked', detail: `${service} still holds ${type} ${eventId}: ${because}` })),
    ...deadLetters.map(({ type, eventId, because }) => ({ check: 'no-dead-letter', detail: `${service} gave up ${type} ${eventId}: ${because}` })),
  ];
}

/** An event that was handled twice would make its event twice: other id, same cause, type, subject and content. */
function doubleEffects(events: Facts['events']): Finding[] {
  const made = grouped(events.filter(({ headers }) => headers['ce_causationid'] !== undefined), ({ headers, key, value }) => [headers['ce_causationid'], headers['ce_type'], key, value?.toString()].join('\n'));
  return [...made.values()].flatMap((copies) => {
    const ids = [...new Set(copies.map(({ headers }) => headers['ce_id']))];
    const { headers, key } = copies[0] ?? { headers: {} as Record<string, string>, key: null };
    return ids.length < 2 ? [] : [{ check: 'no-effect-twice', detail: `${headers['ce_causationid']} made ${headers['ce_type']} for ${key} ${ids.length} times: ${ids.join(', ')}` }];
  });
}
