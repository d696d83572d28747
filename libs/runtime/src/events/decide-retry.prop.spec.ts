import fc from 'fast-check';
import { decideRetry } from './decide-retry.js';

const kinds = fc.constantFrom('invalid', 'forbidden', 'not-found', 'conflict', 'unavailable', 'internal');
const policies = fc.record({
  firstDelayMs: fc.integer({ min: 1, max: 5_000 }),
  longestDelayMs: fc.integer({ min: 5_000, max: 600_000 }),
  tries: fc.integer({ min: 1, max: 50 }),
  internalTries: fc.integer({ min: 1, max: 10 }),
  triesAtOnce: fc.integer({ min: 1, max: 5 }),
});

describe('the retry of an event', () => {
  it('ends with a dead letter for each kind while the database is there', () => {
    fc.assert(
      fc.property(kinds, policies, (kind, policy) => {
        const last = Math.max(policy.tries, policy.internalTries, policy.triesAtOnce);
        expect(decideRetry({ kind, attempt: last, databaseIsAway: false }, policy)).toEqual({ action: 'dead-letter' });
      }),
    );
  });

  it('never waits longer than the longest delay, nor less than before', () => {
    fc.assert(
      fc.property(kinds, policies, (kind, policy) => {
        const delays = Array.from({ length: policy.tries }, (_, index) => decideRetry({ kind, attempt: index + 1, databaseIsAway: false }, policy)).flatMap((decision) =>
          decision.action === 'park' ? [decision.delayMs] : [],
        );
        for (const delay of delays) expect(delay).toBeLessThanOrEqual(policy.longestDelayMs);
        expect(delays).toEqual([...delays].sort((one, other) => one - other));
      }),
    );
  });

  it('never gives an event up because the database is away', () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 1, max: 1_000 }), policies, (kind, attempt, policy) => {
        expect(decideRetry({ kind, attempt, databaseIsAway: true }, policy)).toEqual({ action: 'pause' });
      }),
    );
  });
});
