import { eventCatalogue } from '@millrace/contracts';
import type { EventType } from '@millrace/contracts';
import type { Facts, Finding, OutboxEntry, TopicRecord } from './facts.ts';
import { grouped } from './grouped.ts';

/** What services meant to send against what lies on the topics: all of it, nothing else, twice only byte for byte, in order per key. */
export function checkSentEvents({ events, services }: Pick<Facts, 'events' | 'services'>): Finding[] {
  const sent = grouped(events, ({ headers }) => headers['ce_id'] ?? '');
  const meant = Object.entries(services).flatMap(([service, { outbox }]) => outbox.filter(({ type }) => type in eventCatalogue).map((entry) => ({ service, ...entry })));
  const meantIds = new Set(meant.map(({ id }) => id));
  return [
    ...meant.filter(({ isSent }) => !isSent).map(({ service, type, id }) => ({ check: 'outbox-drained', detail: `${service} has not sent ${type} ${id}` })),
    ...meant.filter(({ id }) => !sent.has(id)).map(({ service, type, id }) => ({ check: 'nothing-lost', detail: `${service} noted ${type} ${id}, which is on no topic` })),
    ...[...sent].filter(([id]) => !meantIds.has(id)).map(([id, [record]]) => ({ check: 'nothing-made-up', detail: `${placeOf(record)} holds ${id}, which no service noted` })),
    ...[...sent].flatMap(([id, records]) => differingCopies(id, records)),
    ...outOfOrder(events, meant),
  ];
}

function differingCopies(id: string, [first, ...copies]: readonly TopicRecord[]): Finding[] {
  const differs = (copy: TopicRecord): boolean => copy.topic !== first?.topic || copy.key !== first.key || copy.partition !== first.partition || !sameBytes(copy.value, first.value);
  return copies.filter(differs).map((copy) => ({ check: 'copies-are-equal', detail: `${placeOf(copy)} bears the id ${id} of ${placeOf(first)} and is another` }));
}

function sameBytes(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other);
}

/** The order in which a key's events came for the first time must be that in which they were committed. */
function outOfOrder(events: readonly TopicRecord[], meant: readonly (OutboxEntry & { service: string })[]): Finding[] {
  const positions = new Map(meant.map(({ id, position }) => [id, position]));
  const byKey = grouped(events, ({ topic, key }) => `${topic} ${key}`);
  return [...byKey].flatMap(([name, records]) => {
    const firsts = [...new Set(records.map(({ headers }) => headers['ce_id'] ?? ''))].flatMap((id) => positions.get(id) ?? []);
    const isOrdered = firsts.every((position, index) => index === 0 || position > (firsts[index - 1] ?? 0));
    return isOrdered ? [] : [{ check: 'order-per-key', detail: `${name} came in the order of positions ${firsts.join(', ')}` }];
  });
}

export function placeOf(record: TopicRecord | undefined): string {
  return record === undefined ? 'nowhere' : `${record.topic}/${record.partition}@${record.offset}`;
}

export function isEventType(type: string): type is EventType {
  return type in eventCatalogue;
}
