import { bestOfTrials, canBeTried, trialFromMs, weightOfRow, windowCandidatesOf } from './training-windows.js';
import { isRunDue } from './scheduled-run.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Twenty rows an hour over ten days. */
const timesMs = Array.from({ length: 4_800 }, (_, i) => i * (HOUR_MS / 20));
const last = timesMs.at(-1) ?? 0;

describe('training windows', () => {
  test('become candidates; the one since the change only where rows lie on both sides of it', () => {
    const windows = [{ kind: 'all' }, { kind: 'last', ms: 3 * DAY_MS }, { kind: 'since-change' }, { kind: 'weighted', ms: 2 * DAY_MS }] as const;
    expect(windowCandidatesOf(windows, { timesMs, changePointMs: 8 * DAY_MS })).toEqual([
      { name: 'all', fromMs: 0, halfLifeMs: null },
      { name: 'last 3d', fromMs: last - 3 * DAY_MS, halfLifeMs: null },
      { name: 'since-change', fromMs: 8 * DAY_MS, halfLifeMs: null },
      { name: 'weighted 2d', fromMs: 0, halfLifeMs: 2 * DAY_MS },
    ]);
    expect(windowCandidatesOf(windows, { timesMs, changePointMs: 20 * DAY_MS }).map(({ name }) => name)).not.toContain('since-change');
    expect(windowCandidatesOf([{ kind: 'since-change' }], { timesMs, changePointMs: null })).toEqual([{ name: 'all', fromMs: 0, halfLifeMs: null }]);
  });

  test('are tried on the newest fifth of the rows, and after a change on two fifths of what came since', () => {
    expect(trialFromMs({ timesMs, changePointMs: null })).toBe(timesMs[4_800 - 960]);
    expect(trialFromMs({ timesMs, changePointMs: 9 * DAY_MS })).toBe(timesMs[4_800 - 192]);
    expect(trialFromMs({ timesMs: timesMs.slice(0, 100), changePointMs: null })).toBeNull();
  });

  test('are tried only with rows to train on before the trial', () => {
    expect(canBeTried({ fromMs: 9 * DAY_MS }, { timesMs }, 9 * DAY_MS + 4 * HOUR_MS)).toBe(true);
    expect(canBeTried({ fromMs: 9 * DAY_MS }, { timesMs }, 9 * DAY_MS + 3 * HOUR_MS)).toBe(false);
  });

  test('are chosen by their losses: the first one unless another is better beyond chance, and none when none could be tried', () => {
    const first = Array.from({ length: 100 }, (_, row) => 0.5 + (row % 7) / 50);
    const better = first.map((loss, row) => loss - 0.05 - (row % 3) / 100);
    const luckier = first.map((loss, row) => loss + (row % 2 === 0 ? 0.3 : -0.31));
    expect(bestOfTrials([first, null, better, luckier])).toBe(2);
    expect(bestOfTrials([first, luckier])).toBe(0);
    expect(bestOfTrials([null, first])).toBe(1);
    expect(bestOfTrials([null, [NaN], []])).toBe(-1);
  });

  test('let the weight of a row halve with every half-life', () => {
    expect([weightOfRow(last, last, DAY_MS), weightOfRow(last - 2 * DAY_MS, last, DAY_MS)]).toEqual([1, 0.25]);
  });
});

describe('a schedule', () => {
  const due = { everyMs: 4 * DAY_MS, lastRunMs: DAY_MS, nowMs: 5 * DAY_MS, phase: 'none' as const, isBusy: false };

  test('asks for a run once nothing else has for so long', () => {
    expect(isRunDue(due)).toBe(true);
    expect(isRunDue({ ...due, nowMs: 5 * DAY_MS - 1 })).toBe(false);
    expect(isRunDue({ ...due, everyMs: undefined })).toBe(false);
  });

  test('keeps quiet while a run, a trigger or a rollout is under way, and before the first run', () => {
    expect([{ ...due, isBusy: true }, { ...due, phase: 'open' as const }, { ...due, lastRunMs: null }, { ...due, nowMs: null }].map(isRunDue)).toEqual([false, false, false, false]);
  });
});
