import { askReferences } from '@millrace/testing/references';
import { seededRandom } from '../seeded-random.js';
import type { CategoryCounts } from './column-samples.js';
import { countsOfSamples } from './column-samples.js';
import type { DriftMethodName } from './drift-method.js';
import { evidentlyMethods } from './evidently-methods.js';
import type { ComparedColumn } from './judge-like-evidently.js';
import { judgeLikeEvidently } from './judge-like-evidently.js';
import { sortNumbers } from './sort-numbers.js';

const LOADED_MACHINE_MS = 240_000;

type Value = number | string | null;
interface Case {
  title: string;
  dtype: 'float64' | 'int64' | 'object';
  reference: Value[];
  current: Value[];
}
interface Answer {
  method?: string;
  score?: number | string;
  threshold?: number;
  drift?: boolean;
  raises?: string;
}

const random = seededRandom(7);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const rows = (count: number, value: () => Value): Value[] => Array.from({ length: count }, value);

function numeric(title: string, sizes: [number, number], reference: () => Value, current: () => Value, dtype: Case['dtype'] = 'float64'): Case {
  return { title: `${title} (${sizes.join(' and ')} rows)`, dtype, reference: rows(sizes[0], reference), current: rows(sizes[1], current) };
}

const sizes: [number, number][] = [[3, 2], [6, 7], [12, 12], [20, 19], [40, 25], [300, 200], [500, 500], [1000, 999], [1001, 400], [2500, 2100]];
const numericCases: Case[] = [
  ...sizes.map((size) => numeric('normal values', size, normal, () => normal() + 0.3)),
  ...sizes.map((size) => numeric('values without a change', size, normal, normal)),
  ...sizes.map((size) => numeric('heavy tails', size, () => Math.exp(3 * normal()), () => Math.exp(3 * normal()) * 1.2)),
  ...sizes.map((size) => numeric('ties', size, () => Math.round(2 * normal()) / 2, () => Math.round(2 * normal() + 0.5) / 2)),
  ...sizes.map((size) => numeric('integers', size, () => Math.floor(40 * random()), () => Math.floor(45 * random()), 'int64')),
  ...sizes.map((size) => numeric('integer-valued floats', size, () => Math.floor(25 * random()), () => Math.floor(25 * random()) + 1)),
  ...sizes.map((size) => numeric('missing and infinite values', size, () => (random() < 0.2 ? null : normal()), () => (random() < 0.3 ? null : 2 * normal()))),
  ...sizes.map((size) => numeric('three values', size, () => Math.floor(3 * random()), () => Math.floor(3 * random() ** 2))),
  ...sizes.map((size) => numeric('two values', size, () => (random() < 0.3 ? 1 : 0), () => (random() < 0.45 ? 1 : 0))),
  ...sizes.map((size) => numeric('the same constant', size, () => 4, () => 4)),
  ...sizes.map((size) => numeric('two constants', size, () => 4, () => 5)),
  numeric('a constant that became a normal', [300, 300], () => 4, normal),
  numeric('very small numbers', [300, 300], () => 1e-9 * normal(), () => 1e-9 * normal()),
  numeric('very large numbers', [300, 300], () => 1e9 + 1e6 * normal(), () => 1e9 + 2e6 * normal()),
  numeric('many rows, asymptotic', [12_000, 11_000], normal, () => normal() + 0.02),
  numeric('many current rows', [500, 10_001], normal, () => normal() + 0.05),
  numeric('few reference rows, many current rows', [90, 10_500], normal, () => normal() + 0.1),
  numeric('no values', [5, 5], () => null, normal),
  numeric('one row each', [1, 1], normal, normal),
];
const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const letter = (count: number): string => letters[Math.floor(count * random() ** 1.5)] ?? 'z';
const categoryCases: Case[] = [
  ...sizes.flatMap((size) => [2, 4, 26].map((count) => numeric(`${count} categories`, size, () => letter(count), () => letter(count), 'object'))),
  ...sizes.map((size) => numeric('unseen categories', size, () => letter(3), () => letter(6), 'object')),
  ...sizes.map((size) => numeric('missing categories', size, () => (random() < 0.2 ? null : letter(5)), () => (random() < 0.5 ? null : letter(4)), 'object')),
  ...sizes.map((size) => numeric('one category', size, () => 'a', () => 'a', 'object')),
  numeric('another category', [50, 40], () => 'a', () => 'b', 'object'),
  numeric('a new category per record', [60, 60], () => `r${random()}`, () => `c${random()}`, 'object'),
  numeric('as many rows on both sides', [800, 800], () => letter(4), () => letter(4), 'object'),
  numeric('numbers as categories', [400, 300], () => Math.floor(4 * random()), () => Math.floor(5 * random()), 'int64'),
];

function columnOf({ dtype, reference, current }: Case, kind: ComparedColumn['kind']): ComparedColumn {
  if (kind === 'categorical' && dtype === 'object') return { kind, counts: countsOf(reference, current) };
  const [x, y] = [reference, current].map((side) => sortNumbers(Float64Array.from(side.filter((value): value is number => value !== null))));
  const samples = { reference: x ?? new Float64Array(), current: y ?? new Float64Array(), integers: dtype === 'int64' };
  return kind === 'numeric' ? { kind, samples } : { kind, counts: countsOfSamples(samples) };
}

function countsOf(reference: readonly Value[], current: readonly Value[]): CategoryCounts {
  const keys = [...new Set([...reference, ...current])].filter((key) => key !== null).sort();
  return { reference: keys.map((key) => reference.filter((value) => value === key).length), current: keys.map((key) => current.filter((value) => value === key).length) };
}

/** 1e-9 of the number; or of one where Evidently's own rounding is larger: 1 - cdf in a far tail, a root near 0, an inverted matrix. */
function isEqual(measured: number, expected: number | string | undefined, method: DriftMethodName): boolean {
  if (expected === 'nan') return Number.isNaN(measured);
  const wanted = Number(expected);
  const floor = ['z', 'cramer_von_mises', 'jensenshannon', 'hellinger', 'es'].includes(method) ? 1e-9 : 1e-290;
  return measured === wanted || Math.abs(measured - wanted) <= Math.max(floor, 1e-9 * Math.abs(wanted));
}

interface Asked extends Case {
  kind: ComparedColumn['kind'];
  method?: DriftMethodName;
}

/** Every case with the default choice, and of each kind of case some sizes with every method. */
const sizesOfAll = [[3, 2], [6, 7], [12, 12], [300, 200], [2500, 2100]].map((size) => `(${size.join(' and ')} rows)`);
const usual = sizes.map((size) => `(${size.join(' and ')} rows)`);
function askedOf(cases: readonly Case[], kind: ComparedColumn['kind'], methods: readonly DriftMethodName[]): Asked[] {
  const all = cases.filter(({ title }) => !usual.some((size) => title.endsWith(size)) || sizesOfAll.some((size) => title.endsWith(size)));
  return [...cases.map((each) => ({ ...each, kind })), ...all.flatMap((each) => methods.map((method) => ({ ...each, kind, method })))];
}

const asked: Asked[] = [
  ...askedOf(numericCases, 'numeric', evidentlyMethods.filter(({ ofNumbers }) => ofNumbers).map(({ name }) => name)),
  ...askedOf(categoryCases, 'categorical', evidentlyMethods.filter(({ ofCategories }) => ofCategories).map(({ name }) => name)),
];

describe("Evidently's tests", () => {
  let answers: Answer[];
  beforeAll(async () => {
    answers = await askReferences<Answer>(asked.map(({ reference, current, dtype, kind, method }) => ({ ask: 'evidently-column', reference, current, dtype, type: kind === 'numeric' ? 'num' : 'cat', method }) as never));
  }, LOADED_MACHINE_MS);

  it.each(['its default choice', ...evidentlyMethods.map(({ name }) => name)])('%s has the same score, threshold and verdict to 1e-9', (name) => {
    const different = asked.flatMap((each, index) => {
      if ((each.method ?? 'its default choice') !== name) return [];
      const ours = judgeLikeEvidently(columnOf(each, each.kind), { method: each.method });
      const theirs = answers[index] ?? {};
      const same = 'because' in ours
        ? theirs.raises !== undefined || theirs.score === 'nan' || ours.because.endsWith('is singular')
        : ours.method.label === theirs.method && isEqual(ours.score, theirs.score, ours.method.name) && ours.threshold === theirs.threshold && ours.drifted === theirs.drift;
      return same ? [] : [{ title: each.title, kind: each.kind, ours: 'because' in ours ? ours.because : { score: ours.score, drifted: ours.drifted, method: ours.method.name }, theirs }];
    });
    expect(different).toEqual([]);
  });

  it('answer most cases with a number', () => {
    expect(answers.filter(({ score }) => typeof score === 'number').length).toBeGreaterThan(0.8 * answers.length);
  });
});
