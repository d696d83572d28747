import type { ServiceRefusal } from '@millrace/contracts';

/** How far one service is with its part of a pipeline version. */
export interface PartState {
  service: string;
  state: 'pending' | 'ready' | 'refused';
  because: ServiceRefusal['because'];
}

/** What becomes of a pipeline version once a service has answered. */
export type ActivationDecision = { next: 'pending' | 'active' | 'superseded' } | { next: 'refused'; refusals: ServiceRefusal[] };

/**
 * A version becomes active when every service is ready, unless a later one already is. One refusal refuses the version, and
 * the version before stays active.
 */
export function decideActivation(version: number, parts: readonly PartState[], activeVersion: number | null): ActivationDecision {
  const refusals = parts.filter(({ state }) => state === 'refused').map(({ service, because }) => ({ service, because }));
  if (refusals.length > 0) return { next: 'refused', refusals };
  if (parts.some(({ state }) => state === 'pending')) return { next: 'pending' };
  return { next: activeVersion !== null && activeVersion > version ? 'superseded' : 'active' };
}
