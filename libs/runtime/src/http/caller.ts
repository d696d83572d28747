import type { FastifyRequest } from 'fastify';

/** Who calls, as the token says. */
export interface Caller {
  /** Claim `sub`, which is the actor of events. */
  subject: string;
  roles: readonly string[];
  /** The project the token is for, `*` for all. */
  project: string;
}

const callers = new WeakMap<FastifyRequest, Caller>();
export const nobody: Caller = { subject: 'user:nobody', roles: [], project: '*' };

/** The caller of a request that has passed the guard; `nobody` on public routes. */
export function callerOf(request: FastifyRequest): Caller {
  return callers.get(request) ?? nobody;
}

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}
