import { seededRandom } from '../statistics/seeded-random.js';
import type { Random } from '../statistics/seeded-random.js';
import { judgeLabels } from './flipped-labels.js';
import type { LabelWindow } from './flipped-labels.js';
import { labelsByInputOf, labelsByScoreOf } from './labels-by-score.js';
import type { LabelledRow } from './labels-by-score.js';
import { pinColumn } from './pin-column.js';
import type { PinnedColumn } from './window-profile.js';

/** A world of two inputs and a kind; the model knows the usual one. */
interface World {
  weights: [number, number];
  offset: number;
  /** Mean of the first input. */
  mean: number;
  flipped: number;
  /** A quarter of the rows that means the opposite. */
  turnedKind: boolean;
}

type Model = Pick<World, 'weights' | 'offset'>;
const STRONG: Model = { weights: [2.5, 1.5], offset: -0.5 };
const MEDIUM: Model = { weights: [2, -1], offset: -0.4 };

const tenths = Array.from({ length: 100 }, (_, i) => (i - 50) / 25);
const pinned = [pinColumn('a', 'numeric', tenths), pinColumn('b', 'numeric', tenths), pinColumn('kind', 'category', ['0', '1', '2', '3'])];
const ROWS = 400;
/** Days differ: each has a level of its own that no input tells. */
const DAY_LEVEL = 0.15;

function day(random: Random, index: number, model: Model, changed: Partial<World>): LabelWindow & { to: string } {
  const { weights, offset, mean, flipped, turnedKind } = { ...model, mean: 0, flipped: 0, turnedKind: false, ...changed };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const level = DAY_LEVEL * normal();
  const rows = Array.from({ length: ROWS }, () => {
    const [a, b, kind] = [mean + normal(), normal(), Math.floor(4 * random())];
    const odds = (turnedKind && kind === 0 ? -1 : 1) * (weights[0] * a + weights[1] * b) + offset + level;
    const label = random() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
    const prediction = 1 / (1 + Math.exp(-(model.weights[0] * a + model.weights[1] * b + model.offset)));
    return { prediction, label: random() < flipped ? 1 - label : label, inputs: [a, b, String(kind)] };
  });
  const at = (days: number): string => new Date(days * 86_400_000).toISOString();
  return windowOf({ from: at(index), to: at(index + 1) }, rows, pinned);
}

function windowOf(span: { from: string; to: string }, rows: readonly LabelledRow[], columns: readonly PinnedColumn[]): LabelWindow & { to: string } {
  return { ...span, byScore: labelsByScoreOf(rows), ...(columns.length > 0 ? { byInput: labelsByInputOf(columns, rows) } : {}) };
}

const RUNS = 5;
const DAYS = 8;

const pasts = new Map<string, (LabelWindow & { to: string })[]>();

/** Seven windows of the reference and six served ones in which nothing has changed yet. */
function pastOf(model: Model, seed: number): (LabelWindow & { to: string })[] {
  const name = `${model.offset}-${seed}`;
  const random = seededRandom(seed + 1);
  const past = pasts.get(name) ?? Array.from({ length: 13 }, (_, i) => day(random, i, model, {}));
  pasts.set(name, past);
  return past;
}

/** In how many of the streams flips are called in the eight days after a change, with the shares that were found. */
function calls(model: Model, worldOf: (day: number) => Partial<World>, runs = RUNS): number[] {
  return Array.from({ length: runs }, (_, seed) => {
    const [usual, before] = [pastOf(model, seed).slice(0, 7), pastOf(model, seed).slice(7)];
    const random = seededRandom(1_000 + seed);
    const lived = [...before, ...Array.from({ length: DAYS }, (_unused, i) => day(random, 13 + i, model, worldOf(i)))];
    const verdicts = [8, 10, 12, 14].map((end) => judgeLabels(lived.slice(0, end), usual));
    return verdicts.flatMap((each) => (each?.verdict === 'flipped' ? [Number(each.finding.measured)] : [])).at(-1);
  }).filter((share) => share !== undefined);
}

const turned = ([a, b]: [number, number], angle: number): [number, number] => [a * Math.cos(angle) - b * Math.sin(angle), a * Math.sin(angle) + b * Math.cos(angle)];

/** What changes, by the model's own weights and the day since. */
const CHANGES: [string, (model: Model, since: number) => Partial<World>][] = [
  ['nothing changed', () => ({})],
  ['one input lost half of its weight', ({ weights: [a, b] }) => ({ weights: [a / 2, b] })],
  ['an input no longer matters', ({ weights: [a] }) => ({ weights: [a, 0] })],
  ['everything became less certain', ({ weights: [a, b] }) => ({ weights: [0.72 * a, 0.72 * b] })],
  ['the inputs changed their roles', ({ weights: [a, b] }) => ({ weights: [b, a] })],
  ['a kind means the opposite', () => ({ turnedKind: true })],
  ['positives became more', ({ offset }) => ({ offset: offset + 1.2 })],
  ['the inputs moved', () => ({ mean: 1 })],
  ['everything means the opposite', ({ weights: [a, b] }) => ({ weights: [-a, -b] })],
  ['the concept turns gradually', ({ weights }, since) => ({ weights: turned(weights, (0.75 * Math.PI * since) / 30) })],
  ['two worlds take turns', ({ weights: [a, b] }, since) => (Math.floor(since / 5) % 2 === 0 ? { weights: [-0.75 * a, -1.5 * b] } : {})],
];

describe('flipped labels', () => {
  test('are found within days, with their share, in most streams: 6 % of a model that is often sure, 10 % of one that is less so', () => {
    const shares = calls(STRONG, () => ({ flipped: 0.06 }), 10);
    expect(shares.length).toBeGreaterThanOrEqual(5);
    expect(Math.min(...shares)).toBeGreaterThan(0.025);
    expect(Math.max(...shares)).toBeLessThan(0.09);
    expect(calls(MEDIUM, () => ({ flipped: 0.1 }), 10).length).toBeGreaterThanOrEqual(5);
  });

  test('are called in no more than a few of a hundred streams in which the world changed, whatever changed', () => {
    const found = CHANGES.flatMap(([name, worldOf]) => [STRONG, MEDIUM].map((model) => [name, calls(model, (since) => worldOf(model, since)).length] as const));
    expect(found.reduce((sum, [, count]) => sum + count, 0)).toBeLessThanOrEqual(0.03 * RUNS * found.length);
    expect(found.filter(([, count]) => count > 1)).toEqual([]);
  });

  test('begin where they began, and no longer hold once they are over', () => {
    const random = seededRandom(5);
    const usual = pastOf(STRONG, 0);
    const lived = Array.from({ length: 26 }, (_, i) => day(random, 7 + i, STRONG, { flipped: i >= 8 && i < 14 ? 0.1 : 0 }));
    const verdictAt = (end: number) => judgeLabels(lived.slice(0, end), usual);
    expect(verdictAt(8)?.verdict).toBe('sound');
    expect(verdictAt(14)).toMatchObject({ verdict: 'flipped', from: lived[8]?.from });
    expect([22, 23, 24].map((end) => verdictAt(end)?.verdict)).toEqual(['sound', 'sound', 'sound']);
  });

  test('cannot be told without labels, without inputs or without both ends of the prediction', () => {
    expect(judgeLabels([], [])).toBeNull();
    const windows = (rows: LabelledRow[], columns = pinned.slice(0, 1)): LabelWindow[] => Array.from({ length: 4 }, () => windowOf({ from: 'a', to: 'b' }, rows, columns));
    const narrow = windows(Array.from({ length: 200 }, (_, i) => ({ prediction: 0.5, label: i % 2, inputs: [i] })));
    expect(judgeLabels(narrow, narrow)?.verdict).toBe('cannot-say');
    expect(judgeLabels(windows([{ prediction: 0.5, label: 1, inputs: [1] }], []), narrow)).toBeNull();
  });
});
