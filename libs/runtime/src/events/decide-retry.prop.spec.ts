import fc from 'fast-check';
import { decideRetry, spreadRatio } from './decide-retry.js';
import { shareOf } from './share-of.js';

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
        expect(decideRetry({ kind, attempt: last, databaseIsAway: false, share: 0.5 }, policy)).toEqual({ action: 'dead-letter' });
      }),
    );
  });

  it('waits twice as long each time up to the longest delay, give or take a fifth, and never less than before while it grows', () => {
    fc.assert(
      fc.property(kinds, policies, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 50, maxLength: 50 }), (kind, policy, shares) => {
        const decisions = shares.map((share, index) => decideRetry({ kind, attempt: index + 1, databaseIsAway: false, share }, policy));
        let before = 0;
        for (const [index, decision] of decisions.entries()) {
          if (decision.action !== 'park') continue;
          const wanted = policy.firstDelayMs * 2 ** index;
          const middle = Math.min(policy.longestDelayMs, wanted);
          expect(Math.abs(decision.delayMs - middle)).toBeLessThanOrEqual(middle * spreadRatio + 0.5);
          if (wanted <= policy.longestDelayMs) expect(decision.delayMs).toBeGreaterThanOrEqual(before);
          before = decision.delayMs;
        }
      }),
    );
  });

  it('spreads over the whole range what failed together', () => {
    const policy = { firstDelayMs: 1_000, longestDelayMs: 60_000, tries: 12, internalTries: 5, triesAtOnce: 4 };
    const delays = Array.from({ length: 1_000 }, (_, index) => decideRetry({ kind: 'unavailable', attempt: 1, databaseIsAway: false, share: shareOf(`event-${index}`, 1) }, policy)).map((decision) => (decision.action === 'park' ? decision.delayMs : 0));
    const tenths = Array.from({ length: 10 }, (_, tenth) => delays.filter((delay) => delay >= 800 + tenth * 40 && delay < 840 + tenth * 40).length);
    for (const count of tenths) expect(count).toBeGreaterThan(60);
  });

  it('never gives an event up because the database is away', () => {
    fc.assert(
      fc.property(kinds, fc.integer({ min: 1, max: 1_000 }), policies, (kind, attempt, policy) => {
        expect(decideRetry({ kind, attempt, databaseIsAway: true, share: 0.5 }, policy)).toEqual({ action: 'pause' });
      }),
    );
  });
});
