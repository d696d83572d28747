import { seededRandom } from '../statistics/seeded-random.js';
import { decideDegradation } from './decide-degradation.js';
import { diagnose } from './diagnose.js';
import { lossWindowOf } from './loss-window.js';
import type { LossWindow } from './loss-window.js';
import { monitoringPolicyOf } from './monitoring-policy.js';

const policy = monitoringPolicyOf({ windowMs: 86_400_000, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 90 * 86_400_000 } });
const random = seededRandom(5);

/** A day in which inputs x move the label by the logistic curve of `slope * (x - centre)`, and the model believes slope 3, centre 0. */
function day(index: number, world: { mean?: number; slope?: number; offset?: number } = {}): LossWindow {
  const { mean = -0.6, slope = 3, offset = 0 } = world;
  const rows = Array.from({ length: 500 }, () => {
    const x = mean + random() - 0.5 + 0.1 * (index % 3);
    const label = random() < 1 / (1 + Math.exp(-slope * x - offset)) ? 1 : 0;
    return { prediction: 1 / (1 + Math.exp(-3 * x)), label };
  });
  const date = `2001-02-${String(index + 1).padStart(2, '0')}`;
  return lossWindowOf({ from: date, to: date }, 'log-loss', rows);
}

const reference = Array.from({ length: 8 }, (_, i) => day(i));
const later = (count: number, world = {}): LossWindow[] => Array.from({ length: count }, (_, i) => day(8 + i, world));

describe('watching losses by whole days', () => {
  test('stays quiet while the world is as it was', () => {
    const days = later(14);
    expect(days.map((_, i) => decideDegradation(reference, days.slice(0, i + 1), policy).verdict)).not.toContain('degraded');
  });

  test('says what it cannot promise by few reference windows', () => {
    const promise = decideDegradation(reference, later(1), policy).because.find(({ check }) => check === 'promise-of-false-alarms');
    expect(promise).toMatchObject({ passed: false, measured: 11, bound: 240, detail: expect.stringContaining('the widest honest promise is one in 11') });
    const short = monitoringPolicyOf({ windowMs: 3_600_000, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 3 * 3_600_000 } });
    expect(decideDegradation(reference, later(1), short).because).toContainEqual(expect.objectContaining({ check: 'promise-of-false-alarms', passed: true }));
  });

  test('finds a changed concept after two days and names the first', () => {
    const days = [...later(3), ...later(2, { slope: -3 }).map((window, i) => ({ ...window, from: `2001-03-0${i + 1}` }))];
    const verdicts = days.map((_, i) => decideDegradation(reference, days.slice(0, i + 1), policy));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['normal', 'normal', 'normal', 'normal', 'degraded']);
    expect(verdicts[4]?.changePoint).toBe('2001-03-01');
  });

  test('finds a small lasting loss by the mean of a week', () => {
    const usual = reference.map((window, i) => ({ ...window, meanLoss: 0.5 + 0.02 * ((i % 3) - 1) }));
    const worse = Array.from({ length: 7 }, (_, i) => ({ ...usual[0]!, from: `2001-03-0${i + 1}`, meanLoss: 0.53 }));
    expect(decideDegradation(usual, worse.slice(0, 6), policy).verdict).toBe('normal');
    expect(decideDegradation(usual, worse, policy)).toMatchObject({ verdict: 'degraded', changePoint: '2001-03-01' });
  });

  test('cannot say before enough days of reference, or on days with few matured rows', () => {
    expect(decideDegradation(reference.slice(0, 2), later(3), policy).verdict).toBe('cannot-say');
    expect(decideDegradation(reference, later(1).map((window) => ({ ...window, rows: 10 })), policy).verdict).toBe('cannot-say');
  });
});

describe('the diagnosis', () => {
  const base = { signs: [], inputsDrifted: false, degraded: true, reference };

  test('is covariate when inputs moved and predictions still match the labels', () => {
    expect(diagnose({ ...base, inputsDrifted: true, degraded: false, matured: later(4, { mean: 0.2 }) }, policy).diagnosis).toBe('covariate');
  });

  test('is covariate when inputs moved and no label has matured, and says that the concept was not judged', () => {
    const { diagnosis, because } = diagnose({ ...base, inputsDrifted: true, degraded: null, matured: [] }, policy);
    expect(diagnosis).toBe('covariate');
    expect(because.at(-1)?.check).toBe('matured-labels');
  });

  test('is concept when the same inputs lead to other outcomes', () => {
    expect(diagnose({ ...base, matured: later(4, { slope: -3 }) }, policy).diagnosis).toBe('concept');
  });

  test('is label-shift when the share of labels moved and the ranking did not', () => {
    expect(diagnose({ ...base, matured: later(4, { offset: 1.5 }) }, policy).diagnosis).toBe('label-shift');
  });

  test('is a data incident as soon as there is a sign of broken data, whatever the losses say', () => {
    const sign = { sign: 'burst-of-nulls' as const, column: 'distance', began: '2001-01-01', ended: '2001-01-02', finding: { check: 'burst-of-nulls', passed: false } };
    expect(diagnose({ ...base, signs: [sign], matured: later(4, { slope: -3 }) }, policy).diagnosis).toBe('data-incident');
  });

  test('cannot say when nothing moved', () => {
    expect(diagnose({ ...base, degraded: false, matured: later(4) }, policy).diagnosis).toBe('cannot-say');
  });
});
