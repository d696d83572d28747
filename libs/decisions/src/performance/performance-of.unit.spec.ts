import { bootstrapOf } from './bootstrap.fixture.js';
import { jackknifeOf } from './block-jackknife.js';
import { isMeasured, performanceOf } from './performance-of.js';
import type { JudgedPrediction } from './performance-of.js';
import { meanOf } from '../statistics/moments.js';
import { seededRandom } from '../statistics/seeded-random.js';
import { settleLabel } from './settle-label.js';
import type { ReportedLabel } from './settle-label.js';

const policy = { task: 'binary-classification', minimumRows: 4, alpha: 0.05 } as const;
const asked = { predictionId: 'p-1', key: 'k', eventTimeMs: 1_000, isKeyRepeated: false };
const clock = { knownUntilMs: 5_000, maturesAfterMs: 2_000 };
const told = (value: number | null, knownAtMs: number, more: Partial<ReportedLabel> = {}): ReportedLabel => ({ key: 'k', eventTimeMs: 1_000, knownAtMs, value, ...more });

describe('an outcome', () => {
  test.each([
    ['is the label that came', [told(1, 2_000)], { state: 'labelled', label: 1, oddities: [] }],
    ['that is overdue is missing and never negative', [], { state: 'missing', label: null, oddities: [] }],
    ['told twice counts once', [told(1, 2_000), told(1, 2_500)], { state: 'labelled', label: 1, oddities: ['duplicate'] }],
    ['told differently is what was known last, and reported', [told(1, 2_000), told(0, 2_500)], { state: 'labelled', label: 0, oddities: ['contradicting'] }],
    ['that came after its time counts, and is reported as late', [told(1, 4_000)], { state: 'labelled', label: 1, oddities: ['late'] }],
    ['known before it was predicted does not count', [told(1, 500)], { state: 'missing', label: null, oddities: ['before-prediction'] }],
    ['that is infinite is unusable', [told(Infinity, 2_000)], { state: 'unusable', label: null, oddities: ['unusable'] }],
    ['that becomes known later than now does not exist yet', [told(1, 6_000)], { state: 'missing', label: null, oddities: [] }],
    ['by the id of the prediction comes before one by key', [told(0, 2_500), told(1, 2_000, { key: 'p-1' })], { state: 'labelled', label: 1, oddities: [] }],
    ['by key and time comes before one by key alone', [told(0, 2_500, { eventTimeMs: 1_500 }), told(1, 2_000)], { state: 'labelled', label: 1, oddities: [] }],
  ] as const)('%s', (_, reported, expected) => {
    expect(settleLabel(asked, reported, clock)).toEqual(expected);
  });

  test('that is not due yet waits', () => {
    expect(settleLabel(asked, [], { ...clock, knownUntilMs: 2_999 })).toEqual({ state: 'waiting', label: null, oddities: [] });
  });

  test('by a key that was asked for several times says nothing unless it names the time', () => {
    const repeated = { ...asked, isKeyRepeated: true };
    expect(settleLabel(repeated, [told(1, 2_000, { eventTimeMs: 1_500 })], clock)).toEqual({ state: 'missing', label: null, oddities: ['ambiguous'] });
    expect(settleLabel(repeated, [told(1, 2_000)], clock)).toMatchObject({ label: 1, oddities: [] });
  });
});

const row = (more: Partial<JudgedPrediction> = {}): JudgedPrediction => ({ prediction: 0.3, block: 'a', state: 'labelled', label: 0, oddities: [], ...more });

describe('performance', () => {
  test('is provisional while outcomes are not due, whatever it looks like', () => {
    const perfect = Array.from({ length: 20 }, (_, i) => row({ prediction: i % 2, label: i % 2, block: `b${i % 4}` }));
    expect(performanceOf(perfect, policy).kind).toBe('measured');
    const performance = performanceOf([...perfect, row({ state: 'waiting', label: null })], policy);
    expect(performance).toMatchObject({ kind: 'provisional', coverage: { waitingShare: 1 / 21 } });
    expect(isMeasured(performance)).toBe(false);
    expect(performance.because).toContainEqual(expect.objectContaining({ check: 'share-still-waiting', passed: false, measured: 1 / 21 }));
  });

  test.each([
    ['nothing', [], 'labelled-rows'],
    ['one row', [row()], 'labelled-rows'],
    ['labels that came before their predictions', Array.from({ length: 20 }, () => row({ oddities: ['before-prediction'] })), 'labels-known-before-their-prediction'],
    ['few labels of what is due', Array.from({ length: 20 }, (_, i) => row(i < 8 ? {} : { state: 'missing', label: null })), 'labelled-share-of-what-is-due'],
    ['infinite predictions', Array.from({ length: 20 }, () => row({ prediction: Infinity })), 'finite-predictions'],
  ] as const)('of %s cannot be told, with the reason', (_, rows, check) => {
    const performance = performanceOf(rows as JudgedPrediction[], policy);
    expect(performance.kind).toBe('cannot-say');
    expect(performance.because).toContainEqual(expect.objectContaining({ check, passed: false }));
  });

  test('of one class has its loss and says why it has no ROC curve', () => {
    const { kind, metrics } = performanceOf(Array.from({ length: 20 }, (_, i) => row({ block: `b${i % 3}` })), policy);
    expect(kind).toBe('measured');
    expect(metrics.find(({ metric }) => metric === 'roc-auc')).toMatchObject({ value: null, because: 'all labels are of one class' });
    expect(metrics.find(({ metric }) => metric === 'log-loss')).toMatchObject({ value: expect.closeTo(-Math.log(0.7), 12) });
  });

  test('of one block has no interval', () => {
    const { metrics } = performanceOf(Array.from({ length: 20 }, (_, i) => row({ label: i % 2 })), policy);
    expect(metrics.find(({ metric }) => metric === 'brier-score')).toMatchObject({ lower: null, upper: null, blocks: 1 });
  });
});

describe('an interval over blocks', () => {
  const random = seededRandom(5);
  const blocks = Array.from({ length: 12 }, (_, b) => ({ name: `b${b}`, level: random() }));
  const rows = blocks.flatMap(({ name, level }) => Array.from({ length: 40 }, () => ({ block: name, prediction: random(), label: random() < level ? 1 : 0 })));
  const columns = { predictions: rows.map(({ prediction }) => prediction), labels: rows.map(({ label }) => label), blocks: rows.map(({ block }) => block) };

  test('of a mean over equal blocks is that of the block means', () => {
    const means = blocks.map(({ name }) => meanOf(rows.filter(({ block }) => block === name).map(({ label }) => label)));
    const spread = Math.sqrt(meanOf(means.map((mean) => (mean - meanOf(means)) ** 2)) / (blocks.length - 1));
    expect(jackknifeOf(columns, (_, labels) => meanOf(labels), 0.05).standardError).toBeCloseTo(spread, 12);
  });

  test('is wider than one over rows, since rows of a block resemble one another', () => {
    const single = { ...columns, blocks: rows.map((_, i) => String(i)) };
    const measure = (_: readonly number[], labels: readonly number[]): number => meanOf(labels);
    expect(jackknifeOf(columns, measure, 0.05).standardError).toBeGreaterThan(2 * jackknifeOf(single, measure, 0.05).standardError);
  });

  test('agrees with a bootstrap of whole blocks', () => {
    const measure = (predictions: readonly number[], labels: readonly number[]): number => meanOf(predictions.map((p, i) => (p - (labels[i] ?? 0)) ** 2));
    const { standardError } = jackknifeOf(columns, measure, 0.05);
    expect(bootstrapOf(columns, measure) / standardError).toBeGreaterThan(0.8);
    expect(bootstrapOf(columns, measure) / standardError).toBeLessThan(1.2);
  });
});
