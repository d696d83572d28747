import type { ErrorKind } from '@millrace/contracts';

/** An attempt to handle an event that failed. */
export interface FailedAttempt {
  kind: ErrorKind;
  /** 1 for the first try; counts tries at once and tries out of `parked` alike. */
  attempt: number;
  /** True when the service's own database is away: then nothing can be parked either. */
  databaseIsAway: boolean;
}

export interface RetryPolicy {
  /** Delay before the first try out of `parked`; doubles with each further one. */
  firstDelayMs: number;
  longestDelayMs: number;
  /** Tries of errors that time may heal (not-found, unavailable, conflict) before the dead letter. */
  tries: number;
  /** Tries of internal errors before the dead letter. */
  internalTries: number;
  /** Conflicts are tried again at once this many times before they are parked. */
  triesAtOnce: number;
}

export type RetryDecision = { action: 'retry-at-once' } | { action: 'pause' } | { action: 'park'; delayMs: number } | { action: 'dead-letter' };

/** What to do with an event whose handling failed: the error's kind decides (contracts/errors.yaml), never the call site. */
export function decideRetry({ kind, attempt, databaseIsAway }: FailedAttempt, policy: RetryPolicy): RetryDecision {
  if (databaseIsAway) return { action: 'pause' };
  switch (kind) {
    case 'invalid':
    case 'forbidden':
      return { action: 'dead-letter' };
    case 'conflict':
      return attempt < policy.triesAtOnce ? { action: 'retry-at-once' } : parkUntil(policy.tries, attempt, policy);
    case 'internal':
      return parkUntil(policy.internalTries, attempt, policy);
    case 'not-found':
    case 'unavailable':
      return parkUntil(policy.tries, attempt, policy);
  }
}

function parkUntil(tries: number, attempt: number, policy: RetryPolicy): RetryDecision {
  if (attempt >= tries) return { action: 'dead-letter' };
  return { action: 'park', delayMs: Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (attempt - 1)) };
}
