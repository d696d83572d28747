import fc from 'fast-check';
import type { LoopFact, TimedFact } from './loop-fact.js';
import { loopKpisOf } from './loop-kpis-of.js';

const HOUR_MS = 3_600_000;
const day = (n: number): string => new Date(Date.parse('2026-03-01T00:00:00Z') + n * 24 * HOUR_MS).toISOString();
const at = (hours: number, fact: LoopFact): TimedFact => ({ atMs: hours * HOUR_MS, fact });
const block = (n: number, gain: number) => ({ block: `d${n}`, rows: 100, challengerLoss: 0.5 - gain, championLoss: 0.5, meanSquaredGain: 0.01 });

const facts: TimedFact[] = [
  at(0, { fact: 'run-requested', run: 'r1', cause: 'first-version', asOf: day(0) }),
  at(1, { fact: 'rollout-completed', run: 'r1', modelVersion: 1, previousModelVersion: null }),
  at(10, { fact: 'incident-raised', incident: 'i1', kind: 'performance', changePoint: day(10), detectedAt: day(12), modelVersion: 1 }),
  at(11, { fact: 'run-requested', run: 'r2', cause: 'performance', asOf: day(15) }),
  at(12, { fact: 'run-completed', run: 'r2', durationMs: 5_000 }),
  at(12.5, { fact: 'run-evaluated', run: 'r2', recent: [block(0, 0.1), block(1, 0.12), block(2, 0.11)] }),
  at(14, { fact: 'rollout-completed', run: 'r2', modelVersion: 2, previousModelVersion: 1 }),
  at(15, { fact: 'incident-resolved', incident: 'i1', changePoint: day(10), resolvedAt: day(18) }),
  at(16, { fact: 'run-requested', run: 'r3', cause: 'drift', asOf: day(30) }),
  at(17, { fact: 'version-rejected', run: 'r3', verdict: 'not-better' }),
  at(18, { fact: 'run-requested', run: 'r4', cause: 'drift', asOf: day(60) }),
  at(19, { fact: 'rollout-started', run: 'r4', modelVersion: 4 }),
  at(20, { fact: 'rolled-back', modelVersion: 4 }),
];
const realised = [{ modelVersion: 2, otherModelVersion: 1, blocks: [block(3, 0.02), block(4, 0.03), block(5, 0.02)] }];
const losses = [9, 10, 11, 20].map((n) => ({ from: day(n), to: day(n + 1), rows: 200, meanLoss: 0.6, usualLoss: 0.5 }));

describe('the KPIs of a loop', () => {
  const kpis = loopKpisOf('default/p', facts, realised, losses);

  test('say how long it took to detect, to resolve and to deploy', () => {
    expect(kpis.detection).toEqual({ count: 1, medianMs: 48 * HOUR_MS, largestMs: 48 * HOUR_MS });
    expect(kpis.resolution.medianMs).toBe(8 * 24 * HOUR_MS);
    expect(kpis.deployment).toMatchObject({ count: 2, medianMs: 2 * HOUR_MS, largestMs: 3 * HOUR_MS });
  });

  test('say how often it retrained, with which yield and at which cost', () => {
    expect(kpis.retraining).toEqual({ runs: 4, byCause: { 'first-version': 1, performance: 1, drift: 2 }, perMonth: 1.5, promoted: 2, refused: 2, failed: 0, cancelled: 0, open: 0, yield: 0.5, commandMs: 5_000 });
  });

  test('leave out of the yield what was cancelled, also when its version was rejected for it', () => {
    const ended = [at(21, { fact: 'run-requested', run: 'r5', cause: 'drift', asOf: day(61) }), at(22, { fact: 'run-cancelled', run: 'r5' }), at(22.5, { fact: 'version-rejected', run: 'r5', verdict: 'withdrawn' })];
    expect(loopKpisOf('default/p', [...facts, ...ended], [], []).retraining).toMatchObject({ runs: 5, refused: 2, failed: 0, cancelled: 1, open: 0, yield: 0.5 });
  });

  test('hold what a gate promised against what was realised', () => {
    expect(kpis.gates).toMatchObject([{ run: 'r2', promised: expect.closeTo(0.11, 9), realised: expect.closeTo(0.07 / 3, 9), rows: 300, kept: false }]);
    expect(loopKpisOf('default/p', facts, [], losses).gates).toMatchObject([{ realised: null, kept: null }]);
  });

  test('sum the loss above the usual one from the change point to recovery, and what was saved', () => {
    expect(kpis.excessLoss).toMatchObject({ total: expect.closeTo(2 * 200 * 0.1, 9), rows: 400, saved: expect.closeTo(7, 9), savedRows: 300 });
  });

  test('of nothing say nothing', () => {
    expect(loopKpisOf('default/p', [], [], [])).toMatchObject({ from: null, detection: { count: 0, medianMs: null }, retraining: { runs: 0, perMonth: null, yield: null }, gates: [], excessLoss: { total: null, saved: null } });
  });

  test('are the same in whatever order events came, and when some came twice', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }), fc.subarray(facts), (shuffled, again) => {
        expect(loopKpisOf('default/p', [...shuffled, ...again], realised, losses)).toEqual(kpis);
      }),
    );
  });

  test('do not count a clock that jumped back as a detection', () => {
    const jumped = at(1, { fact: 'incident-raised', incident: 'i', kind: 'drift', changePoint: day(3), detectedAt: day(1), modelVersion: 1 });
    expect(loopKpisOf('default/p', [jumped], [], []).detection).toEqual({ count: 0, medianMs: null, largestMs: null });
  });
});
