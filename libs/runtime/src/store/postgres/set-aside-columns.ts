import type { SetAside } from '../service-store.js';

/** Values of topic, partition, offset, key, event_id, type, headers, payload, attempt, because. */
export function columnsOf({ record, key, eventId, type, attempt, because }: SetAside): unknown[] {
  const { topic, partition, offset, headers, value } = record;
  return [topic, partition, offset, key, eventId, type, JSON.stringify(headers), value, attempt, JSON.stringify(because)];
}
