import { createHash } from 'node:crypto';

/** A number from 0 to 1 for a try of an event: as good as random among events, the same for the same try, so that a simulation can be repeated. */
export function shareOf(eventId: string, attempt: number): number {
  return createHash('sha256').update(`${eventId}/${attempt}`).digest().readUInt32BE() / 0xffffffff;
}
