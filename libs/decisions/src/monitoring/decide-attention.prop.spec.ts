import fc from 'fast-check';
import { UNATTENDED, decideAttention, isAsleep, sharesCause } from './decide-attention.js';
import type { Attention, AttentionCommand } from './decide-attention.js';

const command = fc.oneof(
  fc.record({ kind: fc.constant('acknowledge' as const), by: fc.constantFrom('ada', 'ben'), note: fc.constant('') }),
  fc.record({ kind: fc.constant('snooze' as const), by: fc.constantFrom('ada', 'ben'), note: fc.constant(''), forMs: fc.integer({ min: 1, max: 50 }) }),
  fc.constant<AttentionCommand>({ kind: 'look' }),
);

describe('the attention that an alert gets', () => {
  test('lets a snoozed alert be raised again exactly once, when its time is over and not before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(command, fc.nat(30)), { maxLength: 40 }), (steps) => {
        let attention: Attention = UNATTENDED;
        let now = 1_000;
        for (const [next, waitedMs] of steps) {
          now += waitedMs;
          const asleep = isAsleep(attention, now);
          const wasSnoozed = attention.state === 'snoozed';
          const decided = decideAttention(attention, next, now);
          if (next.kind === 'look') expect(decided.tell).toBe(wasSnoozed && !asleep ? 'raise' : 'nothing');
          else expect(decided.tell).not.toBe('raise');
          attention = decided.next;
          expect(attention.until === null).toBe(attention.state !== 'snoozed');
        }
      }),
    );
  });

  test('tells nothing of what was said before', () => {
    const once = decideAttention(UNATTENDED, { kind: 'acknowledge', by: 'ada', note: 'x' }, 1).next;
    expect(decideAttention(once, { kind: 'acknowledge', by: 'ada', note: 'x' }, 2)).toEqual({ next: once, tell: 'nothing' });
  });
});

test('moved inputs and losses that began together share an alert; broken data and what is measured besides share with nothing', () => {
  const day = 86_400_000;
  const at = (kind: string, date: string) => ({ kind, changePoint: `2001-02-${date}T00:00:00Z` });
  expect(sharesCause(at('drift', '01'), at('performance', '05'), day)).toBe(true);
  expect(sharesCause(at('performance', '05'), at('drift', '01'), day)).toBe(true);
  expect(sharesCause(at('drift', '01'), at('performance', '25'), day)).toBe(false);
  expect(sharesCause(at('drift', '01'), at('estimate', '01'), day)).toBe(true);
  expect(sharesCause(at('performance', '01'), at('measure', '01'), day)).toBe(false);
  expect(sharesCause(at('drift', '01'), at('measure', '01'), day)).toBe(false);
  expect(sharesCause(at('measure', '01'), at('performance', '01'), day)).toBe(false);
  expect(sharesCause(at('data', '01'), at('performance', '01'), day)).toBe(false);
  expect(sharesCause(at('data', '01'), at('drift', '01'), day)).toBe(false);
});
