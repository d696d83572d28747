import { excessLossOf } from './excess-loss.js';
import { fairnessGapOf, judgeFairness } from './fairness.js';
import { judgeMeasure } from './judge-measure.js';
import type { Measure } from './judge-measure.js';
import { expectedLossesOf, lossModelOf } from './loss-model.js';
import { agreementOf, reproducedShareOf } from './served-features.js';
import { sliceOf, slicingOf } from './slice-of.js';
import { BUDGET_SHARES, monitoringPolicyOf } from '../monitoring/monitoring-policy.js';
import { seededRandom } from '../statistics/seeded-random.js';

const policy = { alpha: 0.01, minimumRows: 30, minimumReferenceWindows: 3 };
const latency = (more: Partial<Measure> = {}): Measure => ({ name: 'latency-p99-ms', kind: 'serving', bad: 'higher', value: 21, rows: 500, limit: null, ...more });
/** Five usual windows, and the week in which whatever lasts may settle. */
const week = (value: number): number[] => new Array<number>(7).fill(value);
const usual = [20, 22, 19, 21, 20, ...week(20)];

describe('a measure', () => {
  test.each([
    ['that is usual is in bounds', latency(), usual, 'in-bounds'],
    ['far beyond what is usual is out of bounds', latency({ value: 60 }), usual, 'out-of-bounds'],
    ['better than usual is no alarm', latency({ value: 2 }), usual, 'in-bounds'],
    ['beyond its limit is out of bounds without any reference', latency({ value: 60, limit: 50 }), [], 'out-of-bounds'],
    ['within its limit needs no reference', latency({ limit: 50 }), [], 'in-bounds'],
    ['whose reference is gone cannot be judged', latency({ value: 60 }), [], 'cannot-say'],
    ['of one row cannot be judged', latency({ value: 60, rows: 1 }), usual, 'cannot-say'],
    ['that is infinite cannot be judged', latency({ value: Infinity }), usual, 'cannot-say'],
    ['that fell counts where both ways are bad', latency({ name: 'rows', bad: 'both', value: 2 }), usual, 'out-of-bounds'],
    ['that hardly varies does not alarm at nothing', latency({ value: 20.3 }), [20, 20, 20, 20, ...week(20)], 'in-bounds'],
    ['that grew a day ago has not become usual', latency({ value: 60 }), [...usual, 60], 'out-of-bounds'],
    ['that grew a month ago is usual now', latency({ value: 60 }), [...usual, ...week(60), ...week(59), ...week(61), ...week(60), ...week(60)], 'in-bounds'],
    ['below its lower limit is out of bounds', latency({ bad: 'lower', value: 0.9, limit: 0.99 }), [], 'out-of-bounds'],
  ] as const)('%s', (_, measure, reference, verdict) => {
    expect(judgeMeasure(measure, reference, policy)).toMatchObject({ verdict, finding: { passed: verdict === 'in-bounds' } });
  });
});

test('twenty measures with long tails, seasons and memory stay within their share of the budget of one alarm in 30 days', () => {
  const [random, streams, days, measures] = [seededRandom(3), 4, 60, 20];
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const { alphaOfMeasures } = monitoringPolicyOf({ windowMs: 1, alarmAfter: 2, of: 3, falseAlarms: { count: 1, perMs: 30 } });
  let alarms = 0;
  for (let series = 0; series < streams * measures; series += 1) {
    let memory = 0;
    const values = Array.from({ length: days }, (_, day) => {
      memory = 0.6 * memory + 0.8 * normal();
      const few = Array.from({ length: 400 }, () => (random() < 0.004 ? 1 : 0)).reduce<number>((sum, one) => sum + one, 0) / 400;
      return [20 * Math.exp(0.5 * normal()), 100 + 10 * memory, few, (day % 7 > 4 ? 60 : 100) + 8 * normal()][series % 4] ?? 0;
    });
    const out = values.map((value, day) => judgeMeasure(latency({ value, bad: series % 4 === 3 ? 'both' : 'higher' }), values.slice(0, day), { ...policy, alpha: alphaOfMeasures / measures }).verdict === 'out-of-bounds');
    const isAlarm = out.map((is, day) => is && (out[day - 1] === true || out[day - 2] === true));
    // What lasts for days is one alarm.
    alarms += isAlarm.filter((is, day) => is && isAlarm[day - 1] !== true).length;
  }
  // Their share of the budget is half an alarm in these eight months; more than two come with a probability of 1.4 %.
  expect(((streams * days) / 30) * BUDGET_SHARES.measures).toBe(0.5);
  expect(alarms).toBeLessThanOrEqual(2);
});

describe('fairness by group', () => {
  const group = (name: string, value: number, rows = 400) => ({ group: name, metrics: [{ metric: 'recall', value, lower: value - 0.03, upper: value + 0.03, blocks: 8, rows, because: null }] });

  test('is the widest gap, and an alarm only when it lies surely above the limit', () => {
    const gap = fairnessGapOf([group('a', 0.6), group('b', 0.8), group('c', 0.7)], 'recall');
    expect(gap).toMatchObject({ gap: expect.closeTo(0.2, 12), highest: 'b', lowest: 'a' });
    expect(judgeFairness(gap, 0.1)).toMatchObject({ verdict: 'out-of-bounds' });
    expect(judgeFairness(gap, 0.19)).toMatchObject({ verdict: 'in-bounds' });
  });

  test('of one group, or of groups that are too small, cannot be told', () => {
    expect(judgeFairness(fairnessGapOf([group('a', 0.6), group('b', 0.9, 5)], 'recall'), 0.1)).toMatchObject({ verdict: 'cannot-say', finding: { passed: false } });
  });
});

describe('training-serving skew', () => {
  test('is the share of served values that the offline join reproduces, a row that it has not apart', () => {
    const agreements = agreementOf([
      { feature: 'a', served: 1 / 3, offline: Math.fround(1 / 3) },
      { feature: 'a', served: null, offline: null },
      { feature: 'a', served: 0, offline: null },
      { feature: 'b', served: 'x', offline: 'y' },
      { feature: 'b', served: 'x', offline: undefined },
    ]);
    expect(agreements).toEqual([{ feature: 'a', compared: 3, reproduced: 2, unknown: 0 }, { feature: 'b', compared: 1, reproduced: 0, unknown: 1 }]);
    expect(reproducedShareOf(agreements)).toBe(0.5);
    expect(reproducedShareOf([])).toBeNull();
  });
});

describe('error given the input', () => {
  const random = seededRandom(12);
  const rowsOf = (count: number, reach: number, flipped: boolean) =>
    Array.from({ length: count }, (_, i) => {
      const x = reach * random();
      const prediction = Math.min(0.95, Math.max(0.05, x));
      return { x, prediction, label: random() < (flipped ? 1 - prediction : prediction) ? 1 : 0, block: `h${i % 12}` };
    });
  const lossOf = ({ prediction, label }: { prediction: number; label: number }): number => (prediction - label) ** 2;
  const reference = rowsOf(5_000, 1, false);
  const model = lossModelOf([reference.map(({ x }) => x), reference.map(({ prediction }) => prediction)], reference.map(lossOf));
  const excessOf = (rows: ReturnType<typeof rowsOf>) =>
    excessLossOf('squared-error', { predictions: rows.map(({ prediction }) => prediction), labels: rows.map(({ label }) => label), blocks: rows.map(({ block }) => block) }, expectedLossesOf(model, [rows.map(({ x }) => x), rows.map(({ prediction }) => prediction)]), 0.01);

  test('stays near zero when only the inputs move', () => {
    const { lower, upper } = excessOf(rowsOf(2_000, 0.5, false));
    expect(lower).toBeLessThan(0.005);
    expect(upper).toBeGreaterThan(-0.005);
  });

  test('rises when the same inputs mean other outcomes', () => {
    expect(excessOf(rowsOf(2_000, 0.5, true)).lower).toBeGreaterThan(0.1);
  });
});

describe('slices', () => {
  test('of categories are the frequent ones, others together', () => {
    const slicing = slicingOf('origin', ['ATL', 'ORD', 'ATL', 'JFK', null], 'category', 2);
    expect(['ATL', 'ORD', 'JFK', null].map((value) => sliceOf(slicing, value))).toEqual(['ATL', 'others', 'JFK', 'missing']);
  });

  test('of numbers are quarters with open ends', () => {
    const slicing = slicingOf('miles', [1, 2, 3, 4, 5, 6, 7, 8], 'numeric');
    expect([0, 3, 5.5, 100, NaN, null].map((value) => sliceOf(slicing, value))).toEqual(['< 3', '[3, 5)', '[5, 7)', '>= 7', 'missing', 'missing']);
  });

  test('of a column without values are one', () => {
    expect(sliceOf(slicingOf('miles', [null, NaN], 'numeric'), 3)).toBe('all');
  });
});
