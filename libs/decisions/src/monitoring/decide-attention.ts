/** What people did about an alert. Times are processing time, ISO: attention is a matter of people, not of the data. */
export interface Attention {
  state: 'new' | 'acknowledged' | 'snoozed';
  by: string | null;
  at: string | null;
  /** Of a snoozed alert: when it is raised again if it lasts. */
  until: string | null;
  note: string;
}

export type AttentionCommand =
  | { kind: 'acknowledge'; by: string; note: string }
  | { kind: 'snooze'; by: string; note: string; forMs: number }
  /** The clock: a snooze may be over. */
  | { kind: 'look' };

export interface AttentionDecision {
  next: Attention;
  /** What is told: `raise` is the same alert once more. */
  tell: 'acknowledged' | 'snoozed' | 'raise' | 'nothing';
}

export const UNATTENDED: Attention = { state: 'new', by: null, at: null, until: null, note: '' };

/**
 * The life of an alert's attention while its incident lasts: new, acknowledged or snoozed; each of the last two may follow the other.
 * Saying the same twice tells nothing. A snooze that is over makes the alert new and raises it again. When the incident ends, so does
 * the alert, whatever its state.
 */
export function decideAttention(current: Attention, command: AttentionCommand, nowMs: number): AttentionDecision {
  const at = new Date(nowMs).toISOString();
  if (command.kind === 'look') return isAsleep(current, nowMs) || current.state !== 'snoozed' ? { next: current, tell: 'nothing' } : { next: UNATTENDED, tell: 'raise' };
  const { by, note } = command;
  if (command.kind === 'snooze') return { next: { state: 'snoozed', by, at, until: new Date(nowMs + command.forMs).toISOString(), note }, tell: 'snoozed' };
  if (current.state === 'acknowledged' && current.by === by && current.note === note) return { next: current, tell: 'nothing' };
  return { next: { state: 'acknowledged', by, at, until: null, note }, tell: 'acknowledged' };
}

/** Whether nobody wants to hear of it yet. */
export function isAsleep({ state, until }: Attention, nowMs: number): boolean {
  return state === 'snoozed' && until !== null && Date.parse(until) > nowMs;
}

/** An incident as far as its alert may serve for another one. */
export interface AlertedIncident {
  kind: string;
  changePoint: string;
}

/** Causes that begin within so many windows of one another are taken for one. */
const WINDOWS_OF_ONE_CAUSE = 14;

const OF_THE_WORLD = ['drift', 'performance'];
const MAY_FOLLOW = [...OF_THE_WORLD, 'estimate'];

/**
 * Whether what is found now has the cause of an open incident, so that they share one alert: moved inputs, grown losses and losses that
 * are expected to grow, when they began at about the same time. Broken data, gaps between groups and what is measured besides (a latency
 * says nothing of the world) always have an alert of their own.
 */
export function sharesCause(open: AlertedIncident, found: AlertedIncident, windowMs: number): boolean {
  if (!OF_THE_WORLD.includes(open.kind) || !MAY_FOLLOW.includes(found.kind) || open.kind === found.kind) return false;
  return Math.abs(Date.parse(open.changePoint) - Date.parse(found.changePoint)) <= WINDOWS_OF_ONE_CAUSE * windowMs;
}
