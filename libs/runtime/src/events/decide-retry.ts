import type { ErrorKind } from '@millrace/contracts';

/** An attempt to handle an event that failed. */
export interface FailedAttempt {
  kind: ErrorKind;
  /** 1 for the first try; counts tries at once and tries out of `parked` alike. */
  attempt: number;
  /** True when the service's own database is away: then nothing can be parked either. */
  databaseIsAway: boolean;
  /** Where between the shortest and the longest delay this one falls, from 0 to 1: what failed together must not be tried together. */
  share: number;
}

export interface RetryPolicy {
  /** Delay before the first try out of `parked`; doubles with each further one. Each delay is spread by a fifth to either side. */
  firstDelayMs: number;
  /** Before it is spread. */
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
export function decideRetry({ kind, attempt, databaseIsAway, share }: FailedAttempt, policy: RetryPolicy): RetryDecision {
  if (databaseIsAway) return { action: 'pause' };
  switch (kind) {
    case 'invalid':
    case 'forbidden':
      return { action: 'dead-letter' };
    case 'conflict':
      return attempt < policy.triesAtOnce ? { action: 'retry-at-once' } : parkUntil(policy.tries, { attempt, share }, policy);
    case 'internal':
      return parkUntil(policy.internalTries, { attempt, share }, policy);
    case 'not-found':
    case 'unavailable':
      return parkUntil(policy.tries, { attempt, share }, policy);
  }
}

/** Less than a third, so that a delay is never shorter than the one before it while they grow. */
export const spreadRatio = 0.2;

function parkUntil(tries: number, { attempt, share }: Pick<FailedAttempt, 'attempt' | 'share'>, policy: RetryPolicy): RetryDecision {
  if (attempt >= tries) return { action: 'dead-letter' };
  const delayMs = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  return { action: 'park', delayMs: Math.round(delayMs * (1 - spreadRatio + 2 * spreadRatio * share)) };
}
