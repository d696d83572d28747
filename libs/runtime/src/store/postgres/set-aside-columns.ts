import { withoutNul } from '../../events/without-nul.js';
import type { SetAside } from '../service-store.js';

/** What `parked` and `dead_letters` have in common. */
export const columnNames = 'topic, partition, "offset", key, event_id, type, project, correlation_id, headers, payload, attempt, because';

/** Values of those columns. */
export function columnsOf({ record, key, eventId, type, project, correlationId, attempt, because }: SetAside): unknown[] {
  const { topic, partition, offset, headers, value } = record;
  return [topic, partition, offset, key, eventId, type, project, correlationId, JSON.stringify(headers), value, attempt, jsonOf(because)];
}

/** JSON that Postgres can look into. */
export function jsonOf(because: object): string {
  return JSON.stringify(because, (_, value: unknown) => (typeof value === 'string' ? withoutNul(value) : value));
}
