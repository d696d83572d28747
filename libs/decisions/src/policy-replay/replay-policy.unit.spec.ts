import fc from 'fast-check';
import { DAY_MS, WatchedColumns, from, ordinaryDay } from '../monitoring/testing/watched-columns.js';
import type { Row } from '../monitoring/testing/watched-columns.js';
import type { LossWindow } from '../monitoring/loss-window.js';
import { SMALLEST_FILE, pipelineOf } from '../pipeline/flights.fixture.js';
import { followWindow, refusedLoop, startOfLoop } from './follow-window.js';
import { loopRulesOf } from './loop-rules.js';
import { replayPolicy } from './replay-policy.js';
import type { RecordedWindow } from './replay-policy.js';

const file = (reactions: string, monitoring = '{ falseAlarms: 1 per 90d }'): string => `${SMALLEST_FILE.replace('command: [python, train.py]', 'command: [python, train.py], minimumMaturedRows: 1000')}monitoring: ${monitoring}\nreactions: ${reactions}\n`;
const retrain = pipelineOf(file('{ coolDown: 5d }'));

const loss = (window: { from: string; to: string }, meanLoss: number): LossWindow => ({ ...window, rows: 400, meanLoss, meanLabel: 0.3, meanPrediction: 0.3, rocAuc: 0.7 });
const usual = [0.5, 0.51, 0.49, 0.5, 0.505].map((meanLoss, i) => loss({ from: `2000-12-0${i + 1}T00:00:00.000Z`, to: `2000-12-0${i + 2}T00:00:00.000Z` }, meanLoss));

/** Days after the reference: what came in, and how it turned out. */
function recorded(days: number, changes: { rows?: (day: number, rows: Row[]) => Row[]; lossOf?: (day: number) => number } = {}): RecordedWindow[] {
  const watched = new WatchedColumns(4, 30);
  return Array.from({ length: days }, (_, day) => {
    const rows = ordinaryDay(watched.random);
    const profile = watched.profile(30 + day, changes.rows?.(day, rows) ?? rows);
    return { modelVersion: 1, profile, reference: watched.reference, usual, losses: loss({ from: profile.from, to: profile.to }, changes.lossOf?.(day) ?? 0.5) };
  });
}
const dayOf = (windows: readonly RecordedWindow[], day: number): string | undefined => windows[day]?.profile.from;

describe('the replay of a policy', () => {
  test('of usual days says that nothing would have happened', () => {
    const replay = replayPolicy(retrain, recorded(20));
    expect(replay.steps).toEqual([]);
    expect(replay.summary[0]).toBe('Over 20 windows the policy would have raised 0 incidents (0 data, 0 drift, 0 performance, 0 labels) and ended 0.');
  });

  test('finds the day on which losses grew, and that a retraining would have waited for labels behind it', () => {
    const windows = recorded(20, { lossOf: (day) => (day < 8 ? 0.5 : 0.9) });
    const { steps } = replayPolicy(retrain, windows);
    expect(steps[0]).toMatchObject({ what: 'raised', kind: 'performance', changePoint: dayOf(windows, 8) });
    expect(steps.filter(({ what }) => what === 'decided').map(({ decision }) => decision)).toEqual(['wait-for-labels', 'train']);
    const [raised, train] = [steps[0]?.at ?? '', steps.find(({ decision }) => decision === 'train')?.at ?? ''];
    expect((Date.parse(train) - Date.parse(raised)) / DAY_MS).toBe(1);
  });

  test('of a policy that only alerts asks a person instead', () => {
    const alert = pipelineOf(file('{ performance: alert, drift: alert }'));
    const { steps, policy } = replayPolicy(alert, recorded(20, { lossOf: (day) => (day < 8 ? 0.5 : 0.9) }));
    expect(steps.filter(({ what }) => what === 'decided').map(({ decision }) => decision)).toEqual(['ask-a-person']);
    expect(policy).toContain('Grown losses: the policy only tells a person.');
    expect(policy).toContain('What is found about the version that serves waits for the end of an open rollout.');
  });

  test('holds training while data are broken, and asks for it after they are mended only for what began outside of them', () => {
    const windows = recorded(20, { rows: (day, rows) => (day === 6 || day === 7 ? from(0, (row) => ({ ...row, distance: 1.609344 * Number(row['distance']) }))(rows) : rows) });
    const { steps } = replayPolicy(retrain, windows);
    expect(steps.map(({ what, kind, decision }) => [what, kind, decision])).toEqual([['raised', 'data', undefined], ['decided', 'data', 'hold'], ['resolved', 'data', undefined]]);
    expect(steps[0]?.changePoint).toBe(dayOf(windows, 6));
  });

  test('tries another budget of false alarms on the same windows', () => {
    const windows = recorded(25, { lossOf: (day) => (day < 8 ? 0.5 : 0.53) });
    const strict = replayPolicy(pipelineOf(file('{}', '{ falseAlarms: 1 per 3650d }')), windows);
    const loose = replayPolicy(pipelineOf(file('{}', '{ falseAlarms: 1 per 10d }')), windows);
    const first = (replay: typeof strict): string => replay.steps.find(({ what, kind }) => what === 'raised' && kind === 'performance')?.at ?? 'never';
    expect(first(loose) < first(strict)).toBe(true);
  });

  test('cannot say anything of windows whose reference is gone, nor of none', () => {
    const gone = recorded(5, { lossOf: () => 5 }).map((window) => ({ ...window, reference: null }));
    expect(replayPolicy(retrain, gone)).toMatchObject({ steps: [], summary: expect.arrayContaining(['Of 5 windows nothing can be said: the reference of the version that answered is gone.']) });
    expect(replayPolicy(retrain, [])).toMatchObject({ from: null, to: null, windows: 0 });
  });

  test('is the same whatever order windows are handed in', () => {
    const windows = recorded(12, { lossOf: (day) => (day < 5 ? 0.5 : 0.9) });
    const expected = replayPolicy(retrain, windows);
    fc.assert(fc.property(fc.shuffledSubarray(windows, { minLength: 12, maxLength: 12 }), (shuffled) => expect(replayPolicy(retrain, shuffled)).toEqual(expected)), { numRuns: 5 });
  });
});

describe('a loop', () => {
  test('remembers a refusal: it asks again only once matured rows grew', () => {
    const windows = recorded(24, { lossOf: (day) => (day < 4 ? 0.5 : 0.9) });
    const rules = { ...loopRulesOf(retrain), coolDownMs: 0 };
    const full = replayPolicy(retrain, windows).steps;
    const trained = full.findIndex(({ decision }) => decision === 'train');
    expect(trained).toBeGreaterThan(0);
    const state = { ...startOfLoop(), lastRefusal: { changePointMs: Date.parse(dayOf(windows, 4) ?? ''), maturedRows: 1_000 } };
    const waiting = { signal: { cause: 'performance' as const, diagnosis: null, changePointMs: Date.parse(dayOf(windows, 4) ?? ''), modelVersion: null }, kind: 'performance' as const, incident: 'performance-1', state: 'waiting-for-labels' as const, waitingSinceMs: null, retried: true };
    const [window] = windows.slice(-1);
    const seenWith = (rows: number) => ({ profile: window?.profile as RecordedWindow['profile'], reference: { reference: window?.reference as never, bound: { level: Infinity, promised: true, perMs: 1, because: { check: 'x', passed: true } } }, separate: [], usual, matured: [], days: [{ day: '2001-02-05', rows }], phase: 'none' as const, nowMs: Date.parse('2001-03-01') });
    expect(followWindow({ ...state, waiting: [waiting] }, seenWith(1_900), rules).steps.map(({ decision }) => decision)).not.toContain('train');
    const asked = followWindow({ ...state, waiting: [waiting] }, seenWith(2_100), rules);
    expect(asked.steps.map(({ decision }) => decision)).toContain('train');
    expect(refusedLoop(asked.state, 2_100)).toMatchObject({ lastRefusal: { maturedRows: 2_100 }, waiting: [{ retried: true }] });
  });

  test('keeps what is found while a rollout is open, and asks for it when that is over', () => {
    const windows = recorded(24, { lossOf: (day) => (day < 4 ? 0.5 : 0.9) });
    const rules = { ...loopRulesOf(retrain), coolDownMs: 0 };
    const reference = { reference: windows[0]?.reference as never, bound: { level: Infinity, promised: true, perMs: 1, because: { check: 'x', passed: true } } };
    const seenAt = (day: number, phase: 'open' | 'none', matured: LossWindow[]) => ({ profile: windows[day]?.profile as RecordedWindow['profile'], reference, separate: [], usual, matured, days: [{ day: '2001-02-05', rows: 9_000 }], phase, nowMs: Date.parse('2001-03-01') });
    const during = followWindow(startOfLoop(), seenAt(22, 'open', windows.flatMap(({ losses }) => losses ?? [])), rules);
    expect(during.steps.map(({ decision }) => decision)).toContain('wait-for-labels');
    expect(during.steps.map(({ decision }) => decision)).not.toContain('train');
    expect(followWindow(during.state, seenAt(23, 'none', []), rules).steps.map(({ decision }) => decision)).toEqual(['train']);
  });
});
