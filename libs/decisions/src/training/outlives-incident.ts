/** A stretch of event time [fromMs, untilMs), milliseconds since 1970. */
export interface EventTimeSpan {
  fromMs: number;
  untilMs: number;
}

/**
 * Whether a trigger that was held goes on once the incident is over. What began inside the incident was made by it and is
 * dropped; a change before or after it is decided anew.
 */
export function outlivesIncident(changePointMs: number | null, incident: EventTimeSpan): boolean {
  return changePointMs !== null && (changePointMs < incident.fromMs || changePointMs >= incident.untilMs);
}
