import { decideRetry } from './decide-retry.js';
import type { RetryPolicy } from './decide-retry.js';

const policy: RetryPolicy = { firstDelayMs: 500, longestDelayMs: 60_000, tries: 12, internalTries: 5, triesAtOnce: 4 };

describe('the retry of an event', () => {
  it.each(['invalid', 'forbidden'] as const)('makes a dead letter of an %s error at once', (kind) => {
    expect(decideRetry({ kind, attempt: 1, databaseIsAway: false, share: 0.5 }, policy)).toEqual({ action: 'dead-letter' });
  });

  it('parks what was not found with a delay that doubles', () => {
    const delays = [1, 2, 3, 4].map((attempt) => decideRetry({ kind: 'not-found', attempt, databaseIsAway: false, share: 0.5 }, policy));
    expect(delays).toEqual([500, 1_000, 2_000, 4_000].map((delayMs) => ({ action: 'park', delayMs })));
  });

  it('tries a conflict again at once a few times, then parks it', () => {
    const actions = [1, 2, 3, 4].map((attempt) => decideRetry({ kind: 'conflict', attempt, databaseIsAway: false, share: 0.5 }, policy).action);
    expect(actions).toEqual(['retry-at-once', 'retry-at-once', 'retry-at-once', 'park']);
  });

  it('gives an internal error few tries', () => {
    expect(decideRetry({ kind: 'internal', attempt: 4, databaseIsAway: false, share: 0.5 }, policy).action).toBe('park');
    expect(decideRetry({ kind: 'internal', attempt: 5, databaseIsAway: false, share: 0.5 }, policy).action).toBe('dead-letter');
  });

  it('pauses the partition only while the database itself is away', () => {
    expect(decideRetry({ kind: 'unavailable', attempt: 1, databaseIsAway: true, share: 0.5 }, policy)).toEqual({ action: 'pause' });
    expect(decideRetry({ kind: 'unavailable', attempt: 1, databaseIsAway: false, share: 0.5 }, policy)).toEqual({ action: 'park', delayMs: 500 });
  });
});
