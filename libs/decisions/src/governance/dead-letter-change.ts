/** What an event of a service's topic `dead-letter` says of one letter. */
export interface DeadLetterChange {
  readonly deadLetter: string;
  readonly service: string;
  /** The event that was given up. */
  readonly eventId: string;
  readonly type: string;
  readonly state: 'open' | 'replayed' | 'dropped';
  /** Null where the event does not say. */
  readonly code: string | null;
  readonly detail: string | null;
  /** What who replayed or dropped it gave as reason. */
  readonly reason: string | null;
}

const typePattern = /^millrace\.[a-z-]+\.dead-letter\.(recorded|replayed|dropped)\.v1$/;
const states = { recorded: 'open', replayed: 'replayed', dropped: 'dropped' } as const;

/** Undefined for events about something else, and for data that do not say which letter they mean. */
export function deadLetterChangeOf(eventType: string, data: unknown): DeadLetterChange | undefined {
  const verb = typePattern.exec(eventType)?.[1] as keyof typeof states | undefined;
  if (verb === undefined || typeof data !== 'object' || data === null) return undefined;
  const facts = data as Record<string, unknown>;
  const because = (typeof facts['because'] === 'object' && facts['because'] !== null ? facts['because'] : {}) as Record<string, unknown>;
  const [deadLetter, service, eventId, type] = ['deadLetter', 'service', 'eventId', 'type'].map((name) => textOf(facts[name]));
  if (!deadLetter || !service || !eventId) return undefined;
  return { deadLetter, service, eventId, type: type ?? '', state: states[verb], code: textOf(because['code']), detail: textOf(because['detail']), reason: textOf(facts['reason']) };
}

/** Postgres keeps no U+0000 in text. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.replaceAll('\u0000', '\uFFFD') : null;
}
